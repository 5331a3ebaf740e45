#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace referee::http {

class BodyRoom;

/// Reads HTTP/1.1 answers (RFC 9112) as they arrive, into one buffer that is kept from answer to answer: nothing is
/// allocated for an answer that fits it. Strict where leniency would hide a fault; every size is bounded. The answer to
/// a HEAD cannot be read.
class AnswerParser {
 public:
  enum class State : std::uint8_t { kMore, kDone, kMalformed, kTooLarge, kTruncated, kClosed, kStopped };
  static constexpr std::size_t kLargestHead = std::size_t{64} * 1024;

  explicit AnswerParser(std::size_t largest_body);

  /// Forgets everything; the buffer stays.
  void reset();
  /// As reset(), and the next body may have so many bytes. With `into` that of a 2xx goes there as it comes, and may
  /// have `most` bytes; kStopped once `into` wants no more.
  void reset(std::size_t largest_body, BodyRoom* into = nullptr, std::uint64_t most = 0);
  /// Where the next bytes are to be read to; never empty while the state is kMore.
  [[nodiscard]] std::span<char> room();
  /// So many bytes came there.
  State received(std::size_t bytes);
  /// The connection ended while the state was kMore: kDone, kTruncated or kClosed.
  State ended();

  /// Of a whole answer; the views live until reset().
  [[nodiscard]] int status() const { return status_; }
  /// The Location header's value; empty if there is none.
  [[nodiscard]] std::string_view location() const { return seen().substr(location_at_, location_size_); }
  [[nodiscard]] std::string_view body() const { return seen().substr(body_at_, body_size_); }
  /// The final answer's header lines, each with its line break; the status line is none of them.
  [[nodiscard]] std::string_view fields() const { return seen().substr(fields_at_, fields_size_); }
  /// The digit behind "HTTP/1.".
  [[nodiscard]] char minor_version() const { return minor_version_; }
  /// Whether the connection may be used again, of a whole answer.
  [[nodiscard]] bool keeps_alive() const { return keep_alive_; }
  /// Bytes of the body that went elsewhere.
  [[nodiscard]] std::uint64_t streamed() const { return streamed_; }
  /// Whether more came than belongs to the answer.
  [[nodiscard]] bool surplus() const { return position_ < have_; }
  [[nodiscard]] bool started() const { return total_ > 0; }
  /// Whether status and fields are those of the final answer.
  [[nodiscard]] bool head_is_whole() const { return in_body_; }
  /// Bytes that came since reset().
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  enum class Body : std::uint8_t { kNone, kLength, kChunked, kUntilClose };

  [[nodiscard]] std::string_view seen() const { return {buffer_.data(), have_}; }
  State read_head();
  State read_field(std::string_view line);
  State begin_body();
  State read_body();
  State read_stream();
  /// What the body may have, bytes.
  [[nodiscard]] std::uint64_t limit() const { return streams() ? most_ : largest_body_; }
  /// Whether the body goes to into_, and whether it is read there without a copy.
  [[nodiscard]] bool streams() const { return into_ != nullptr && status_ >= 200 && status_ < 300; }
  [[nodiscard]] bool straight() const { return streams() && body_ == Body::kLength; }
  bool pass_on(std::string_view piece);
  State read_chunks();

  std::size_t largest_body_;
  std::vector<char> buffer_;
  std::size_t have_ = 0;      ///< bytes in the buffer
  std::size_t position_ = 0;  ///< up to which they are understood
  std::size_t total_ = 0;
  bool in_body_ = false;
  int interim_ = 0;  ///< answers with 1xx before the final one
  int status_ = 0;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool has_length_ = false;
  std::uint64_t length_ = 0;
  char minor_version_ = '1';
  std::size_t fields_at_ = 0, fields_size_ = 0;
  std::size_t location_at_ = 0, location_size_ = 0;
  Body body_ = Body::kNone;
  std::size_t body_at_ = 0;
  std::size_t body_size_ = 0;
  BodyRoom* into_ = nullptr;
  std::uint64_t most_ = 0;      ///< bytes that may go there
  std::uint64_t streamed_ = 0;  ///< bytes that have gone there
  std::size_t chunk_left_ = 0;  ///< bytes of the chunk that are still to come
  enum class Chunk : std::uint8_t { kSize, kData, kDataEnd, kTrailer } chunk_ = Chunk::kSize;
};

}  // namespace referee::http
