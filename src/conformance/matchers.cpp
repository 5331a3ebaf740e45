#include "referee/conformance/matchers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "evidence.hpp"
#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::http {

namespace {

/// A body that says it all: JSON, or what is short and calls itself text. Content that was pulled is neither.
std::string shown_body(const Response& response, std::string_view type) {
  constexpr std::size_t kMostText = 120;
  constexpr std::size_t kMostJson = 160;
  std::string_view body = response.body;
  const auto end = body.find_last_not_of(" \t\r\n");
  body = body.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (body.empty()) return "";
  if (type.find("json") != std::string_view::npos) return conformance::printable(body, kMostJson);
  if (body.size() > kMostText || !type.starts_with("text/")) return "";
  // Line ends and tabs are text, too; other bytes that are not printable make it a binary body.
  std::string one_line(body);
  std::ranges::replace_if(one_line, [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
  return conformance::printable(one_line, body.size()) == one_line ? conformance::printable(body, 2 * kMostText) : "";
}

}  // namespace

void PrintTo(const Response& response, std::ostream* out) {
  const auto type = response.header("Content-Type");
  // A short body often says it all: `"tags":null`, or an error's code.
  const auto body = shown_body(response, type.value_or(""));
  *out << fmt::format("status {} ({}{}{})", response.status,
                      type ? fmt::format("Content-Type {}, ", conformance::printable(*type, 80)) : std::string(),
                      oci::counted(response.body.size(), "byte"), body.empty() ? std::string() : ": " + body)
       << conformance::exchange_mark(response.exchange);
}

}  // namespace referee::http

namespace referee::oci {

void PrintTo(const Descriptor& descriptor, std::ostream* out) {
  *out << conformance::printable(
      to_json(descriptor).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), 400);
}

}  // namespace referee::oci

namespace referee::conformance {
namespace {

/// Says whether a response is as required; if not, writes what is wrong.
using Rule = std::function<bool(const http::Response&, std::ostream&)>;

class RuleMatcher : public testing::MatcherInterface<const http::Response&> {
 public:
  RuleMatcher(std::string description, Rule rule) : description_(std::move(description)), rule_(std::move(rule)) {}

  bool MatchAndExplain(const http::Response& response, testing::MatchResultListener* listener) const override {
    std::ostringstream why;
    const bool held = rule_(response, why);
    *listener << why.str();
    return held;
  }
  void DescribeTo(std::ostream* out) const override { *out << description_; }
  void DescribeNegationTo(std::ostream* out) const override { *out << "anything but " << description_; }

 private:
  std::string description_;
  Rule rule_;
};

ResponseMatcher rule(std::string description, Rule check) {
  return testing::MakeMatcher(new RuleMatcher(std::move(description), std::move(check)));
}

std::string media_type_of(const http::Response& response) {
  std::string type = response.header("Content-Type").value_or("");
  type.resize(std::min(type.find(';'), type.size()));
  const auto first = type.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return type.substr(first, type.find_last_not_of(" \t") - first + 1);
}

/// Writes how two bodies differ, without their bytes.
bool same_bytes(std::string_view wanted, std::string_view got, std::ostream& why) {
  if (wanted == got) return true;
  if (got.size() != wanted.size())
    why << fmt::format("the body has {} instead of {}; ", oci::counted(got.size(), "byte"), wanted.size());
  const auto differs = std::ranges::mismatch(wanted, got);
  why << fmt::format("the first difference is at byte {}", std::distance(wanted.begin(), differs.in1));
  return false;
}

bool digest_header_agrees(const http::Response& response, const std::string& digest, std::ostream& why) {
  const auto header = response.header("Docker-Content-Digest");
  if (!header || *header == digest) return true;
  why << "Docker-Content-Digest is " << in_quotes(*header);
  return false;
}

}  // namespace

ResponseMatcher HasStatus(int status) {
  return rule(fmt::format("status {}", status),
              [=](const http::Response& response, std::ostream&) { return response.status == status; });
}

ResponseMatcher HasStatusIn(std::vector<int> statuses) {
  std::string description = fmt::format("status {}", fmt::join(statuses, " or "));
  return rule(std::move(description), [statuses = std::move(statuses)](const http::Response& response, std::ostream&) {
    return std::ranges::find(statuses, response.status) != statuses.end();
  });
}

ResponseMatcher IsClientError() {
  return rule("a status from 400 to 499", [](const http::Response& response, std::ostream&) {
    return response.status >= 400 && response.status <= 499;
  });
}

ResponseMatcher HasHeader(std::string name, std::string value) {
  std::string description = fmt::format("header {} with the value {}", name, in_quotes(value));
  return rule(std::move(description), [name = std::move(name), value = std::move(value)](const http::Response& response,
                                                                                         std::ostream& why) {
    const auto got = response.header(name);
    if (got == value) return true;
    why << (got ? fmt::format("{} is {}", name, in_quotes(*got)) : fmt::format("there is no header {}", name));
    return false;
  });
}

ResponseMatcher HasHeader(std::string name, testing::Matcher<const std::string&> value) {
  std::ostringstream description;
  description << "header " << name << " that ";
  value.DescribeTo(&description);
  return rule(description.str(), [name = std::move(name), value = std::move(value)](const http::Response& response,
                                                                                    std::ostream& why) {
    const auto got = response.header(name);
    if (got && value.Matches(*got)) return true;
    why << (got ? fmt::format("{} is {}", name, in_quotes(*got)) : fmt::format("there is no header {}", name));
    return false;
  });
}

ResponseMatcher HasNoHeader(std::string name) {
  return rule(fmt::format("no header {}", name), [name](const http::Response& response, std::ostream& why) {
    const auto got = response.header(name);
    if (got) why << name << " is " << in_quotes(*got);
    return !got;
  });
}

ResponseMatcher HasBody(std::string bytes) {
  std::string description =
      fmt::format("a body of exactly the {} that were expected", oci::counted(bytes.size(), "byte"));
  return rule(std::move(description), [bytes = std::move(bytes)](const http::Response& response, std::ostream& why) {
    return same_bytes(bytes, response.body, why);
  });
}

ResponseMatcher HasMediaType(std::string media_type) {
  return rule(fmt::format("the media type {}", media_type),
              [media_type](const http::Response& response, std::ostream& why) {
                const std::string got = media_type_of(response);
                if (http::iequals(got, media_type)) return true;
                why << (got.empty() ? "there is no Content-Type" : "the media type is " + in_quotes(got));
                return false;
              });
}

ResponseMatcher ServesContent(const oci::Content& content) {
  return rule(fmt::format("status 200 with the {} of {}", oci::counted(content.size(), "byte"), content.digest().str()),
              [content](const http::Response& response, std::ostream& why) {
                return response.status == 200 && same_bytes(content.bytes(), response.body, why) &&
                       digest_header_agrees(response, content.digest().str(), why);
              });
}

}  // namespace referee::conformance
