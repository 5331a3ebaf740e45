#include "referee/http/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "encoding.hpp"
#include "recording_json.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/digest.hpp"
#include "referee/oci/json_depth.hpp"

namespace referee::http {
namespace {

using nlohmann::json;

/// Depth of a line that a writer makes: headers are lists in a list in an object in an object.
constexpr int kDeepestLine = 8;
constexpr std::size_t kLongestHead = std::size_t{16} << 20U;

std::string small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

tl::unexpected<std::string> bad_line(std::size_t number, std::string_view why) {
  return tl::unexpected(fmt::format("line {} of the recording {}", number, why));
}

/// Whether the last line closes the file: nothing of what is before it has changed, and nothing is missing.
tl::expected<void, std::string> check_closed(std::string_view text, std::string_view last) {
  if (!last.starts_with(R"({"kind":"end",)")) {
    return tl::unexpected(std::string("the recording is incomplete: its last line does not close it"));
  }
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  if (last != closing_line(lines, oci::Digest::of(text).str())) {
    return tl::unexpected(std::string("the recording was changed: its lines do not have the digest in its last line"));
  }
  return {};
}

}  // namespace

std::string Question::key() const {
  std::string key = fmt::format("{}\n{}\n{}\n{} {}{}{}{}{}\n", lane, method, url, body, chunked ? 'c' : '-',
                                follow_redirects ? 'f' : '-', authenticate ? 'a' : '-', retry ? 'r' : '-',
                                claimed_length ? std::to_string(*claimed_length) : "");
  for (const auto& [field, value] : headers) key += fmt::format("{}: {}\n", small_letters(field), value);
  return key;
}

tl::expected<std::string, std::string> Recording::read_head(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return tl::unexpected(fmt::format("cannot read the recording {}: {}", path, std::strerror(errno)));
  std::string head;
  for (char c = 0; file.get(c) && c != '\n';) {
    head += c;
    if (head.size() > kLongestHead) break;
  }
  if (!file || head.size() > kLongestHead) return tl::unexpected(path + " is no recording: its first line has no end");
  return head;
}

tl::expected<std::shared_ptr<const Recording>, std::string> Recording::read(const std::string& path) {
  const auto cannot = [&](std::string_view why) {
    return tl::unexpected(fmt::format("cannot read the recording {}: {}", path, why));
  };
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) return cannot("there is no such file");
  const auto size = std::filesystem::file_size(path, failure);
  if (failure) return cannot(failure.message());
  if (size > kLargestRecording) return cannot(fmt::format("it is larger than {} bytes", kLargestRecording));
  std::string text(static_cast<std::size_t>(size), '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) return cannot(std::strerror(errno));
  return parse(text);
}

tl::expected<std::shared_ptr<const Recording>, std::string> Recording::parse(std::string_view text) {
  if (text.size() > kLargestRecording) return tl::unexpected(std::string("the recording is too large"));
  if (!text.ends_with('\n')) return tl::unexpected(std::string("the recording is incomplete: its last line is cut"));
  const auto last = text.size() < 2 ? std::string_view::npos : text.rfind('\n', text.size() - 2);
  if (last == std::string_view::npos) return tl::unexpected(std::string("the recording is empty"));
  const auto before = text.substr(0, last + 1);
  if (auto closed = check_closed(before, text.substr(last + 1)); !closed) return tl::unexpected(closed.error());

  auto recording = std::make_shared<Recording>();
  std::map<std::string, std::vector<Answered>> open;
  std::size_t number = 0;
  for (std::string_view rest = before; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    ++number;
    if (number == 1) {
      recording->head_ = line;
      continue;
    }
    if (oci::is_deeper_than(line, kDeepestLine)) return bad_line(number, "is no line of one: it is too deep");
    if (auto added = recording->add_line(line, open); !added) return bad_line(number, added.error());
  }
  if (!open.empty()) return tl::unexpected(fmt::format("the recording's part {} has no end", open.begin()->first));
  return recording;
}

tl::expected<void, std::string> Recording::add_line(std::string_view text,
                                                    std::map<std::string, std::vector<Answered>>& open) try {
  const auto wrong = [](std::string_view why) { return tl::unexpected(std::string(why)); };
  const auto line = json::parse(text);
  const auto kind = line.at("kind").get<std::string>();
  if (kind == "body") {
    const auto digest = line.at("digest").get<std::string>();
    Stored stored;
    stored.bytes = line.at("bytes").get<std::uint64_t>();
    if (stored.bytes > kLargestRecordedBody) return wrong("has a body that is too large");
    stored.deflated = line.contains("deflated");
    if (line.contains("text")) {
      stored.data = line.at("text").get<std::string>();
    } else {
      auto data = oci::base64_decode(line.at(stored.deflated ? "deflated" : "base64").get_ref<const std::string&>());
      if (!data) return wrong("is not valid base64");
      stored.data = std::move(*data);
    }
    bodies_.insert_or_assign(digest, std::move(stored));
    const auto whole = body(digest);
    if (!whole) return wrong("was changed: its body does not have the digest that it names");
    return {};
  }
  const auto part = line.at("part").get<std::string>();
  if (kind == "answer") {
    auto answered = read_answered(line);
    if (!answered) return wrong("is no answer that this version can read");
    open[part].push_back(std::move(*answered));
    return {};
  }
  if (kind != "part") return wrong("is of no kind that this version knows");
  auto answers = open.extract(part);
  std::vector<Answered> list;
  if (!answers.empty()) list = std::move(answers.mapped());
  if (list.size() != line.at("answers").get<std::size_t>()) {
    return wrong(fmt::format("ends {} with another number of answers than it has", part));
  }
  // A worker that died with the part is followed by another: the last one counts.
  if (!parts_.contains(part)) order_.push_back(part);
  parts_.insert_or_assign(part, std::move(list));
  return {};
} catch (const json::exception&) {
  return tl::unexpected(std::string("is not valid JSON of a recording"));
}

const std::vector<Answered>* Recording::part(std::string_view name) const {
  const auto found = parts_.find(name);
  return found == parts_.end() ? nullptr : &found->second;
}

std::optional<std::string> Recording::body(std::string_view digest) const {
  const auto found = bodies_.find(digest);
  if (found == bodies_.end()) return std::nullopt;
  const auto& stored = found->second;
  auto bytes = stored.deflated ? inflated(stored.data, stored.bytes) : std::optional(stored.data);
  const bool whole = bytes && bytes->size() == stored.bytes && oci::Digest::of(*bytes).str() == digest;
  return whole ? std::move(bytes) : std::nullopt;
}

}  // namespace referee::http
