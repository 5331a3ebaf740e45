#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "encoding.hpp"
#include "recording_json.hpp"
#include "referee/http/recording.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/digest.hpp"

namespace referee::http {
namespace {

using nlohmann::ordered_json;

/// Shorter texts are kept as they are, for people.
constexpr std::size_t kWorthDeflating = 4096;

std::string line_of(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

tl::unexpected<std::string> cannot_record(const std::string& path, int error) {
  return tl::unexpected(fmt::format("cannot write the recording {}: {}", path, std::strerror(error)));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string body_line(const std::string& digest, std::string_view body) {
  ordered_json line;
  line["kind"] = "body";
  line["digest"] = digest;
  line["bytes"] = body.size();
  const bool text = valid_utf8(body);
  std::string packed = text && body.size() < kWorthDeflating ? "" : deflated(body);
  if (!packed.empty() && (packed.size() < body.size() || !text)) {
    line[packed.size() < body.size() ? "deflated" : "base64"] =
        oci::base64_encode(packed.size() < body.size() ? packed : body);
  } else {
    line["text"] = body;
  }
  return line_of(line);
}

}  // namespace

tl::expected<void, std::string> RecordingWriter::create(const std::string& path, std::string_view head) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << head << '\n' << std::flush;
  if (!file) return cannot_record(path, errno);
  return {};
}

tl::expected<std::shared_ptr<RecordingWriter>, std::string> RecordingWriter::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) return cannot_record(path, errno);
  return std::shared_ptr<RecordingWriter>(new RecordingWriter(descriptor, path));
}

tl::expected<void, std::string> RecordingWriter::seal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  oci::Hasher hasher;
  std::size_t lines = 0;
  std::string piece(std::size_t{1} << 20U, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0) {
    const std::string_view came(piece.data(), static_cast<std::size_t>(file.gcount()));
    hasher.update(came);
    lines += static_cast<std::size_t>(std::ranges::count(came, '\n'));
  }
  if (!file.eof()) return cannot_record(path, EIO);
  errno = 0;
  std::ofstream more(path, std::ios::binary | std::ios::app);
  more << closing_line(lines, hasher.finish().str()) << std::flush;
  if (!more) return cannot_record(path, errno);
  return {};
}

RecordingWriter::~RecordingWriter() {
  ::close(descriptor_);
}

void RecordingWriter::begin(std::string part) {
  const std::lock_guard lock(mutex_);
  part_ = std::move(part);
  if (!lines_.empty()) bodies_.clear();  // some of them were never written
  lines_.clear();
  answers_ = 0;
  stored_ = 0;
  sent_.clear();
}

tl::expected<void, std::string> RecordingWriter::end() {
  const std::lock_guard lock(mutex_);
  ordered_json line;
  line["kind"] = "part";
  line["part"] = part_;
  line["answers"] = answers_;
  const std::string text = std::exchange(lines_, {}) + line_of(line);
  // A file system without locks still appends small parts whole.
  (void)::flock(descriptor_, LOCK_EX);
  errno = 0;
  const bool whole = write_all(descriptor_, text);
  const int error = errno != 0 ? errno : ENOSPC;
  (void)::flock(descriptor_, LOCK_UN);
  if (!whole) return cannot_record(path_, error);
  return {};
}

void RecordingWriter::sends(const std::string& lane, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  sent_[digest].insert(lane);
}

bool RecordingWriter::has_sent(const std::string& digest) const {
  const std::lock_guard lock(mutex_);
  return sent_.contains(digest);
}

void RecordingWriter::add(Answered answered, std::optional<std::string_view> body) {
  const std::lock_guard lock(mutex_);
  auto& answer = answered.answer;
  if (!answer.body.empty()) {
    const auto senders = sent_.find(answer.body);
    answer.sent = senders != sent_.end() && senders->second.contains(answered.question.lane);
    const bool stored = bodies_.contains(answer.body);
    const bool fits = body && body->size() <= kLargestRecordedBody && stored_ + body->size() <= kMostRecordedBodies;
    answer.lost = !answer.sent && !stored && !fits;
    if (!answer.sent && !stored && fits) {
      lines_ += body_line(answer.body, *body);
      bodies_.insert(answer.body);
      stored_ += body->size();
    }
  }
  lines_ += line_of(answered_value(part_, answered));
  ++answers_;
}

}  // namespace referee::http
