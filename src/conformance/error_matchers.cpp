#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "referee/conformance/matchers.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

/// distribution-spec, "Error Codes": code-1 to code-14.
constexpr std::array<std::string_view, 14> kCodes{"BLOB_UNKNOWN",     "BLOB_UPLOAD_INVALID",   "BLOB_UPLOAD_UNKNOWN",
                                                  "DIGEST_INVALID",   "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
                                                  "MANIFEST_UNKNOWN", "NAME_INVALID",          "NAME_UNKNOWN",
                                                  "SIZE_INVALID",     "UNAUTHORIZED",          "DENIED",
                                                  "UNSUPPORTED",      "TOOMANYREQUESTS"};

/// The codes of an error document, or what is wrong with it.
tl::expected<std::vector<std::string>, std::string> error_codes(const nlohmann::json& document) {
  if (!document.is_object() || !document.contains("errors")) {
    return tl::unexpected(std::string("the body is JSON without a member `errors`"));
  }
  const auto& errors = document.at("errors");
  if (!errors.is_array()) return tl::unexpected(std::string("`errors` is not a list"));
  std::vector<std::string> codes;
  for (const auto& entry : errors) {
    if (!entry.is_object() || !entry.contains("code") || !entry.at("code").is_string()) {
      return tl::unexpected(std::string("an entry of `errors` has no text `code`"));
    }
    if (entry.contains("message") && !entry.at("message").is_string()) {
      return tl::unexpected(std::string("the `message` of an error is not a text"));
    }
    codes.push_back(entry.at("code").get<std::string>());
  }
  return codes;
}

class HasErrorCodeMatcher : public testing::MatcherInterface<const http::Response&> {
 public:
  explicit HasErrorCodeMatcher(std::string code) : code_(std::move(code)) {}

  bool MatchAndExplain(const http::Response& response, testing::MatchResultListener* listener) const override {
    const auto document = parse_json(response.body);
    if (!document) {
      *listener << "the body is not JSON";
      return false;
    }
    const auto codes = error_codes(*document);
    if (!codes) {
      *listener << codes.error();
      return false;
    }
    if (std::find(codes->begin(), codes->end(), code_) != codes->end()) return true;
    *listener << (codes->empty() ? "no error is named"
                                 : "the codes are " + printable(fmt::format("{}", fmt::join(*codes, ", "))));
    return false;
  }
  void DescribeTo(std::ostream* out) const override { *out << "an error document with the code " << code_; }
  void DescribeNegationTo(std::ostream* out) const override { *out << "no error document with the code " << code_; }

 private:
  std::string code_;
};

class WellFormedErrorMatcher : public testing::MatcherInterface<const http::Response&> {
 public:
  bool MatchAndExplain(const http::Response& response, testing::MatchResultListener* listener) const override {
    const auto document = parse_json(response.body);
    if (!document) return true;
    const auto codes = error_codes(*document);
    if (!codes) {
      *listener << codes.error();
      return false;
    }
    for (const auto& code : *codes) {
      if (std::ranges::find(kCodes, code) != kCodes.end()) continue;
      *listener << "the specification has no code " << in_quotes(code, 60);
      return false;
    }
    return true;
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "a body that is no JSON, or an error document with the specification's codes";
  }
  void DescribeNegationTo(std::ostream* out) const override { *out << "a malformed error document"; }
};

}  // namespace

ResponseMatcher HasErrorCode(std::string code) {
  return testing::MakeMatcher(new HasErrorCodeMatcher(std::move(code)));
}

ResponseMatcher HasWellFormedError() {
  return testing::MakeMatcher(new WellFormedErrorMatcher);
}

}  // namespace referee::conformance
