#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "encoding.hpp"
#include "referee/http/recording.hpp"

namespace referee::http {

bool Player::begin(std::string_view part) {
  const std::lock_guard lock(mutex_);
  open_.clear();
  wanted_.clear();
  sent_.clear();
  missing_.reset();
  left_ = 0;
  const auto* answers = recording_->part(part);
  if (answers == nullptr) return false;
  for (const auto& answered : *answers) {
    open_[answered.question.key()].push_back(&answered);
    if (answered.answer.sent) wanted_.insert(answered.answer.body);
  }
  for (auto& [key, list] : open_) std::ranges::reverse(list);
  left_ = answers->size();
  return true;
}

tl::expected<std::string, std::string> Player::body_of(const Answer& answer) const {
  if (answer.body.empty()) return std::string();
  if (answer.lost) return tl::unexpected(std::string("the body of its answer was too large to be recorded"));
  if (answer.sent) {
    const auto found = sent_.find(answer.body);
    if (found != sent_.end()) return found->second;
    return tl::unexpected(fmt::format("its answer had the body {}, which was not sent this time", answer.body));
  }
  auto body = recording_->body(answer.body);
  if (!body) return tl::unexpected(fmt::format("the body {} of its answer is not there", answer.body));
  return std::move(*body);
}

tl::expected<Player::Played, std::string> Player::play(const Question& question, std::string_view body) {
  const std::lock_guard lock(mutex_);
  const auto fails = [&](std::string_view why) {
    const auto line = fmt::format("the recording has no answer to {} {}{}", question.method, to_utf8(question.url),
                                  why.empty() ? "" : fmt::format(": {}", why));
    if (!missing_) missing_ = line;
    return tl::unexpected(line);
  };
  if (wanted_.contains(question.body)) sent_.insert_or_assign(question.body, std::string(body));
  const auto found = open_.find(question.key());
  if (found == open_.end()) return fails("");
  if (found->second.empty()) return fails("more than it was asked for");
  const auto* answered = found->second.back();
  auto bytes = body_of(answered->answer);
  if (!bytes) return fails(bytes.error());
  found->second.pop_back();
  --left_;
  return Played{answered->answer, std::move(*bytes)};
}

std::optional<std::string> Player::missing() const {
  const std::lock_guard lock(mutex_);
  return missing_;
}

std::size_t Player::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

}  // namespace referee::http
