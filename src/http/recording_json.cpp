#include "recording_json.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "encoding.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/digest.hpp"

namespace referee::http {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMostExchanges = 64;

constexpr std::array kErrorKinds = {ErrorKind::kResolve,  ErrorKind::kConnect,   ErrorKind::kTls,
                                    ErrorKind::kTimeout,  ErrorKind::kTooLarge,  ErrorKind::kProtocol,
                                    ErrorKind::kRedirect, ErrorKind::kAuth,      ErrorKind::kThrottled,
                                    ErrorKind::kUsage,    ErrorKind::kAbandoned, ErrorKind::kUnrecorded};

std::optional<ErrorKind> error_kind(std::string_view text) {
  const auto found = std::ranges::find_if(kErrorKinds, [text](ErrorKind kind) { return name(kind) == text; });
  return found == kErrorKinds.end() ? std::nullopt : std::optional(*found);
}

std::string read_bytes(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  auto bytes = oci::base64_decode(value.at("base64").get_ref<const std::string&>());
  // Caught where the line is read.
  if (!bytes) throw json::other_error::create(501, "no base64", nullptr);
  return std::move(*bytes);
}

ordered_json fields_value(const Headers& headers) {
  auto list = ordered_json::array();
  for (const auto& [field, value] : headers) {
    list.push_back(ordered_json::array({bytes_value(field), bytes_value(value)}));
  }
  return list;
}

Headers read_fields(const json& list) {
  Headers headers;
  for (const auto& field : list) headers.add(read_bytes(field.at(0)), read_bytes(field.at(1)));
  return headers;
}

ordered_json body_value(const std::string& digest, std::uint64_t bytes) {
  ordered_json value;
  value["digest"] = digest;
  value["bytes"] = bytes;
  return value;
}

/// The digest, if it is one.
std::string read_digest(const json& body) {
  const auto digest = oci::Digest::parse(body.at("digest").get_ref<const std::string&>());
  if (!digest) throw json::other_error::create(501, "no digest", nullptr);
  return digest->str();
}

ordered_json question_value(const Question& question) {
  ordered_json value;
  value["method"] = bytes_value(question.method);
  value["url"] = bytes_value(question.url);
  value["headers"] = fields_value(question.headers);
  if (!question.body.empty()) value["body"] = body_value(question.body, question.body_bytes);
  if (question.chunked) value["chunked"] = true;
  if (question.claimed_length) value["claimed_length"] = *question.claimed_length;
  if (!question.follow_redirects) value["follow_redirects"] = false;
  if (!question.authenticate) value["authenticate"] = false;
  if (!question.retry) value["retry"] = false;
  return value;
}

Question read_question(const json& value) {
  Question question;
  question.method = read_bytes(value.at("method"));
  question.url = read_bytes(value.at("url"));
  question.headers = read_fields(value.at("headers"));
  if (value.contains("body")) {
    question.body = read_digest(value.at("body"));
    question.body_bytes = value.at("body").at("bytes").get<std::uint64_t>();
  }
  question.chunked = value.value("chunked", false);
  if (value.contains("claimed_length")) question.claimed_length = value.at("claimed_length").get<std::uint64_t>();
  question.follow_redirects = value.value("follow_redirects", true);
  question.authenticate = value.value("authenticate", true);
  question.retry = value.value("retry", true);
  return question;
}

}  // namespace

ordered_json bytes_value(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  ordered_json value;
  value["base64"] = oci::base64_encode(bytes);
  return value;
}

ordered_json answered_value(std::string_view part, const Answered& answered) {
  const auto& [question, answer] = answered;
  ordered_json line;
  line["kind"] = "answer";
  line["part"] = part;
  if (!question.lane.empty()) line["lane"] = question.lane;
  line["request"] = question_value(question);
  line["exchanges"] = answer.exchanges;
  if (answer.error) {
    auto& error = line["error"];
    error["kind"] = name(answer.error->kind);
    error["message"] = bytes_value(answer.error->message);
    if (answer.response.status != 0) error["status"] = answer.response.status;
  } else {
    auto& response = line["response"];
    response["status"] = answer.response.status;
    response["version"] = bytes_value(answer.response.version);
    response["url"] = bytes_value(answer.response.url);
    response["headers"] = fields_value(answer.response.headers);
  }
  if (answer.body.empty()) return line;
  auto& body = line["body"] = body_value(answer.body, answer.response.body_bytes);
  if (answer.sent) body["sent"] = true;
  if (answer.lost) body["lost"] = true;
  return line;
}

std::optional<Answered> read_answered(const json& line) try {
  Answered read;
  read.question = read_question(line.at("request"));
  if (line.contains("lane")) read.question.lane = line.at("lane").get<std::string>();
  auto& answer = read.answer;
  answer.exchanges = line.at("exchanges").get<std::size_t>();
  if (answer.exchanges > kMostExchanges) return std::nullopt;
  if (line.contains("error")) {
    const auto kind = error_kind(line.at("error").at("kind").get_ref<const std::string&>());
    if (!kind) return std::nullopt;
    answer.error = Error{*kind, read_bytes(line.at("error").at("message"))};
    answer.response.status = line.at("error").value("status", 0);
  } else {
    const auto& response = line.at("response");
    answer.response.status = response.at("status").get<int>();
    answer.response.version = read_bytes(response.at("version"));
    answer.response.url = read_bytes(response.at("url"));
    answer.response.headers = read_fields(response.at("headers"));
  }
  if (line.contains("body")) {
    const auto& body = line.at("body");
    answer.body = read_digest(body);
    answer.response.body_bytes = body.at("bytes").get<std::uint64_t>();
    answer.sent = body.value("sent", false);
    answer.lost = body.value("lost", false);
  }
  return read;
} catch (const json::exception&) {
  return std::nullopt;
}

std::string closing_line(std::size_t lines, const std::string& digest) {
  ordered_json line;
  line["kind"] = "end";
  line["lines"] = lines;
  line["digest"] = digest;
  return line.dump() + '\n';
}

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string data(size, '\0');
  // NOLINTNEXTLINE(*-reinterpret-cast): zlib's bytes are unsigned
  const auto* from = reinterpret_cast<const Bytef*>(bytes.data());
  auto* to = reinterpret_cast<Bytef*>(data.data());  // NOLINT(*-reinterpret-cast)
  if (compress2(to, &size, from, static_cast<uLong>(bytes.size()), Z_DEFAULT_COMPRESSION) != Z_OK) size = 0;
  data.resize(size);
  return data;
}

std::optional<std::string> inflated(std::string_view data, std::uint64_t bytes) {
  if (bytes > kLargestRecordedBody) return std::nullopt;
  std::string whole(static_cast<std::size_t>(bytes), '\0');
  auto size = static_cast<uLongf>(bytes);
  // NOLINTNEXTLINE(*-reinterpret-cast): zlib's bytes are unsigned
  const auto* from = reinterpret_cast<const Bytef*>(data.data());
  auto* to = reinterpret_cast<Bytef*>(whole.data());  // NOLINT(*-reinterpret-cast)
  if (uncompress(to, &size, from, static_cast<uLong>(data.size())) != Z_OK || size != bytes) return std::nullopt;
  return whole;
}

}  // namespace referee::http
