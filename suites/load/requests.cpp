#include "requests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/http/url.hpp"

namespace referee::suites::load {
namespace {

using referee::load::After;
using referee::load::Answer;
using referee::load::Outgoing;

class FetchPlay : public referee::load::Play {
 public:
  explicit FetchPlay(const Fetch& kind) : kind_(kind) {}

  Outgoing begin(std::uint64_t number) override {
    object_ = &kind_.object(number);
    at_ = 0;
    return {object_->front().head, {}};
  }
  After answered(const Answer& answer, Outgoing& next) override {
    const auto& wanted = (*object_)[at_];
    if (answer.status != 200) return After::kStatus;
    if (!(wanted.judge ? wanted.judge(answer.body) : answer.body == wanted.body)) return After::kBody;
    if (++at_ == object_->size()) return After::kDone;
    next = {(*object_)[at_].head, {}};
    return After::kSend;
  }

 private:
  const Fetch& kind_;
  const std::vector<Get>* object_ = nullptr;
  std::size_t at_ = 0;
};

/// Neighbouring numbers give values that have nothing in common.
std::uint64_t scattered(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

}  // namespace

Fetch::Fetch(std::string name, std::vector<std::vector<Get>> objects)
    : name_(std::move(name)), objects_(std::move(objects)) {}

std::unique_ptr<referee::load::Play> Fetch::play() const {
  return std::make_unique<FetchPlay>(*this);
}

std::size_t Fetch::largest_body() const {
  std::size_t largest = 0;
  for (const auto& object : objects_) {
    for (const auto& get : object) largest = std::max(largest, get.body.size());
  }
  return largest;
}

const std::vector<Get>& Fetch::object(std::uint64_t number) const {
  return objects_[scattered(number) % objects_.size()];
}

std::string head_of(http::Client& client, const http::Request& request, std::int64_t length) {
  const auto host = http::authority(request.url);
  const auto path_at = request.url.find(host) + host.size();
  auto path = request.url.substr(path_at);
  if (path.empty()) path = "/";
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: referee\r\n", request.method, path, host);
  for (const auto& [name, value] : request.headers) head += fmt::format("{}: {}\r\n", name, value);
  if (const auto authorization = client.authorization(request)) {
    head += fmt::format("Authorization: {}\r\n", *authorization);
  }
  if (length >= 0) head += fmt::format("Content-Length: {}\r\n", length);
  return head + "\r\n";
}

}  // namespace referee::suites::load
