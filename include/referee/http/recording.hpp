#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "referee/http/message.hpp"

/// Recordings: everything that a client was answered, so that whoever has the file can ask the same questions again
/// without the server. `recording.jsonl`; reports/schemas/recording.schema.json.
///
/// The level is that of Client::send() and of a flight of Client::fly(): a request as the caller made it, and the
/// answer that the caller got. Redirects, retries and tokens are inside and are not repeated; only how many exchanges
/// they took is kept. Secrets are taken out as in transcripts (Exchange), with one difference: a body that the client
/// itself has sent before stays as it is, since it cannot hold what the server keeps secret. Such a body is not stored
/// at all but named by its digest: whoever plays the recording sends it again. Credentials that are also parts of names
/// that Referee uses make a recording that cannot be played.
namespace referee::http {

/// A request as it is recorded and matched. `headers` are those that the caller gave, without the client's own.
struct Question {
  std::string lane;  ///< Lane::current()
  std::string method;
  std::string url;
  Headers headers;
  std::string body;  ///< its SHA-256 digest; empty: no body
  std::uint64_t body_bytes = 0;
  bool chunked = false;
  std::optional<std::uint64_t> claimed_length;
  bool follow_redirects = true;
  bool authenticate = true;
  bool retry = true;

  /// Equal for requests that have the same answers.
  [[nodiscard]] std::string key() const;
};

struct Answer {
  std::size_t exchanges = 1;  ///< that it took
  std::optional<Error> error;
  Response response;  ///< without its body; with an error, its status if one had come
  std::string body;   ///< its SHA-256 digest; empty: no body. With an error: what had come, if it was streamed
  bool sent = false;  ///< the body is one that the same lane had sent in the same part
  bool lost = false;  ///< the body was too large to be kept
};

struct Answered {
  Question question;
  Answer answer;
};

/// Largest body that is kept, and most bytes of bodies in one part.
inline constexpr std::uint64_t kLargestRecordedBody = std::uint64_t{32} << 20U;
inline constexpr std::uint64_t kMostRecordedBodies = std::uint64_t{64} << 20U;
/// Largest recording that is read.
inline constexpr std::uint64_t kLargestRecording = std::uint64_t{512} << 20U;

/// Appends parts to a recording, each with one write under a lock at its end, so that several processes may share a
/// file and a part that was cut leaves nothing. Thread-safe but for begin() and end().
class RecordingWriter {
 public:
  /// A new file that holds `head`, the JSON text of an object, as its first line.
  static tl::expected<void, std::string> create(const std::string& path, std::string_view head);
  static tl::expected<std::shared_ptr<RecordingWriter>, std::string> open(const std::string& path);
  /// Closes the file for good: its last line has the digest of all before.
  static tl::expected<void, std::string> seal(const std::string& path);

  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// Forgets what was not ended.
  void begin(std::string part);
  tl::expected<void, std::string> end();

  /// That a body with this digest goes out, in this lane.
  void sends(const std::string& lane, const std::string& digest);
  /// In any lane.
  [[nodiscard]] bool has_sent(const std::string& digest) const;
  /// `body` is that of the answer, redacted; nullopt: it was too large.
  void add(Answered answered, std::optional<std::string_view> body);

 private:
  RecordingWriter(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  int descriptor_;
  std::string path_;
  mutable std::mutex mutex_;
  std::string part_;
  std::string lines_;
  std::size_t answers_ = 0;
  std::uint64_t stored_ = 0;
  /// Which lanes have sent a digest in this part. Only its own lane has surely sent it again when an answer is played.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> sent_;
  std::set<std::string, std::less<>> bodies_;  ///< digests that this writer has stored
};

/// A whole recording in memory. Immutable, so thread-safe.
class Recording {
 public:
  /// Hostile input: at most kLargestRecording, JSON of bounded depth, digests and sizes checked. Fails with one line
  /// that says what is wrong.
  static tl::expected<std::shared_ptr<const Recording>, std::string> read(const std::string& path);
  static tl::expected<std::shared_ptr<const Recording>, std::string> parse(std::string_view text);
  /// The first line of the file alone, unchecked: JSON text.
  static tl::expected<std::string, std::string> read_head(const std::string& path);

  [[nodiscard]] const std::string& head() const { return head_; }
  /// nullptr if there is none of that name.
  [[nodiscard]] const std::vector<Answered>* part(std::string_view name) const;
  /// Names of all parts, in the order of the file.
  [[nodiscard]] const std::vector<std::string>& parts() const { return order_; }
  /// The stored bytes; nullopt if the recording does not hold them, or other ones.
  [[nodiscard]] std::optional<std::string> body(std::string_view digest) const;

 private:
  struct Stored {
    std::string data;
    std::uint64_t bytes = 0;
    bool deflated = false;
  };
  tl::expected<void, std::string> add_line(std::string_view line, std::map<std::string, std::vector<Answered>>& open);

  std::string head_;
  std::map<std::string, std::vector<Answered>, std::less<>> parts_;
  std::vector<std::string> order_;
  std::map<std::string, Stored, std::less<>> bodies_;
};

/// Gives the answers of a recording, part by part. What is equal is answered in the order of the recording. Thread-safe
/// but for begin().
class Player {
 public:
  explicit Player(std::shared_ptr<const Recording> recording) : recording_(std::move(recording)) {}

  /// False if the recording has no such part; then nothing is answered.
  bool begin(std::string_view part);
  struct Played {
    Answer answer;
    std::string body;
  };
  /// One line says what is not there.
  tl::expected<Played, std::string> play(const Question& question, std::string_view body);
  /// The first question that had no answer, in one line.
  [[nodiscard]] std::optional<std::string> missing() const;
  /// Answers of the part that nobody has asked for.
  [[nodiscard]] std::size_t left() const;
  [[nodiscard]] const Recording& recording() const { return *recording_; }

 private:
  tl::expected<std::string, std::string> body_of(const Answer& answer) const;

  std::shared_ptr<const Recording> recording_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<const Answered*>, std::less<>> open_;  ///< by key, the next one last
  std::set<std::string, std::less<>> wanted_;                              ///< digests of bodies that come back
  std::map<std::string, std::string, std::less<>> sent_;
  std::optional<std::string> missing_;
  std::size_t left_ = 0;
};

}  // namespace referee::http
