#include "referee/http/answer_parser.hpp"

#include <algorithm>
#include <cstring>

#include "referee/http/message.hpp"

namespace referee::http {
namespace {

constexpr std::size_t kFirstRoom = std::size_t{16} * 1024;
constexpr std::size_t kLeastRoom = std::size_t{4} * 1024;
constexpr std::string_view kVersion = "HTTP/1.";
constexpr int kMostInterim = 8;
constexpr std::size_t kMostEver = std::size_t{1} << 56U;  // sums of sizes stay far from their type's end
constexpr std::size_t kLongestChunkLine = 1024;
constexpr std::size_t kLongestTrailer = std::size_t{16} * 1024;

bool same(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a comma-separated list holds the token.
bool lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    if (same(trimmed(value.substr(0, comma)), token)) return true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return false;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

AnswerParser::AnswerParser(std::size_t largest_body) : largest_body_(largest_body), buffer_(kFirstRoom) {}

void AnswerParser::reset() {
  have_ = position_ = total_ = 0;
  in_body_ = chunked_ = has_length_ = false;
  interim_ = status_ = 0;
  keep_alive_ = true;
  length_ = 0;
  fields_at_ = fields_size_ = 0;
  location_at_ = location_size_ = 0;
  body_ = Body::kNone;
  body_at_ = body_size_ = 0;
  into_ = nullptr;
  streamed_ = 0;
  chunk_left_ = 0;
  chunk_ = Chunk::kSize;
}

void AnswerParser::reset(std::size_t largest_body, BodyRoom* into, std::uint64_t most) {
  largest_body_ = std::min(largest_body, kMostEver);
  reset();
  into_ = into;
  most_ = std::min<std::uint64_t>(most, kMostEver);
}

std::span<char> AnswerParser::room() {
  if (straight()) {
    const auto room = into_->room();
    return room.first(static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), length_ - streamed_)));
  }
  if (in_body_ && body_ == Body::kLength) {
    // As it comes: what an answer only claims to send costs nothing.
    const auto end = body_at_ + static_cast<std::size_t>(length_);
    if (buffer_.size() < end && have_ == buffer_.size()) buffer_.resize(std::min(end, buffer_.size() * 2));
  } else if (buffer_.size() - have_ < kLeastRoom) {
    buffer_.resize(buffer_.size() * 2);
  }
  return std::span(buffer_).subspan(have_);
}

AnswerParser::State AnswerParser::received(std::size_t bytes) {
  total_ += bytes;
  if (straight()) {
    streamed_ += bytes;
    if (!into_->came(bytes)) return State::kStopped;
    return streamed_ == length_ ? State::kDone : State::kMore;
  }
  have_ += bytes;
  if (!in_body_) {
    if (const auto state = read_head(); state != State::kDone) return state;
  }
  return read_body();
}

AnswerParser::State AnswerParser::ended() {
  if (total_ == 0) return State::kClosed;
  if (in_body_ && body_ == Body::kUntilClose) return State::kDone;
  return State::kTruncated;
}

AnswerParser::State AnswerParser::read_head() {
  while (true) {
    const std::string_view all(buffer_.data(), have_);
    // Lines that are not whole are looked at again: a head is short, and comes in one piece nearly always.
    const auto end = all.find('\n', position_);
    if (end == std::string_view::npos) {
      // What is no HTTP need not have lines.
      const auto begun = all.substr(position_, kVersion.size());
      if (status_ == 0 && begun != kVersion.substr(0, begun.size())) return State::kMalformed;
      return have_ > kLargestHead ? State::kTooLarge : State::kMore;
    }
    if (end > kLargestHead) return State::kTooLarge;
    if (end == position_ || all[end - 1] != '\r') return State::kMalformed;
    const auto line = all.substr(position_, end - 1 - position_);
    position_ = end + 1;
    if (status_ == 0) {
      // HTTP/1.1 200 OK
      if (line.size() < 12 || !line.starts_with(kVersion) || !is_digit(line[7]) || line[8] != ' ' ||
          !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) || (line.size() > 12 && line[12] != ' ')) {
        return State::kMalformed;
      }
      status_ = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
      if (status_ < 100) return State::kMalformed;
      minor_version_ = line[7];
      keep_alive_ = minor_version_ != '0';
      fields_at_ = position_;
    } else if (!line.empty()) {
      if (const auto state = read_field(line); state != State::kMore) return state;
    } else if (status_ >= 200) {
      fields_size_ = end - 1 - fields_at_;
      return begin_body();
    } else {
      if (++interim_ > kMostInterim || status_ == 101) return State::kMalformed;
      status_ = 0;
      has_length_ = chunked_ = false;
    }
  }
}

AnswerParser::State AnswerParser::read_field(std::string_view line) {
  const auto colon = line.find(':');
  // A line that begins with a space continues the one before, which nobody may send any more.
  if (colon == std::string_view::npos || colon == 0 || line[0] == ' ' || line[0] == '\t') return State::kMalformed;
  const auto key = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  switch (key.size()) {
    case 8:
      if (same(key, "location")) {
        location_at_ = static_cast<std::size_t>(value.data() - buffer_.data());
        location_size_ = value.size();
      }
      break;
    case 10:
      if (same(key, "connection")) {
        if (lists(value, "close"))
          keep_alive_ = false;
        else if (lists(value, "keep-alive"))
          keep_alive_ = true;
      }
      break;
    case 14:
      if (same(key, "content-length")) {
        if (value.empty() || !std::ranges::all_of(value, is_digit)) return State::kMalformed;
        std::uint64_t length = 0;
        for (const char c : value) {
          if (length > limit()) return State::kTooLarge;
          length = (length * 10) + static_cast<std::uint64_t>(c - '0');
        }
        if (has_length_ && length != length_) return State::kMalformed;
        has_length_ = true;
        length_ = length;
      }
      break;
    case 17:
      if (same(key, "transfer-encoding")) {
        if (chunked_ || !same(value, "chunked")) return State::kMalformed;
        chunked_ = true;
      }
      break;
    default:
      break;
  }
  return State::kMore;
}

AnswerParser::State AnswerParser::begin_body() {
  // Two lengths are an attack on whoever believes the other one.
  if (chunked_ && has_length_) return State::kMalformed;
  in_body_ = true;
  body_at_ = position_;
  if (status_ == 204 || status_ == 304) {
    body_ = Body::kNone;
  } else if (chunked_) {
    body_ = Body::kChunked;
  } else if (has_length_) {
    if (length_ > limit()) return State::kTooLarge;
    body_ = Body::kLength;
  } else {
    body_ = Body::kUntilClose;
    keep_alive_ = false;
  }
  return State::kDone;
}

bool AnswerParser::pass_on(std::string_view piece) {
  while (!piece.empty()) {
    const auto room = into_->room();
    const auto size = piece.copy(room.data(), room.size());
    streamed_ += size;
    piece.remove_prefix(size);
    if (!into_->came(size)) return false;
  }
  return true;
}

/// What came with the head, or has no length.
AnswerParser::State AnswerParser::read_stream() {
  const auto came = have_ - body_at_;
  const auto most = body_ == Body::kLength ? length_ : most_;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(came, most - streamed_));
  if (!pass_on(seen().substr(body_at_, size))) return State::kStopped;
  position_ = body_at_ + size;
  if (body_ == Body::kLength && streamed_ == length_) return State::kDone;
  if (size < came) return State::kTooLarge;
  have_ = position_ = body_at_;
  return State::kMore;
}

AnswerParser::State AnswerParser::read_body() {
  switch (body_) {
    case Body::kNone:
      return State::kDone;
    case Body::kLength:
      if (streams()) return read_stream();
      body_size_ = std::min(have_ - body_at_, static_cast<std::size_t>(length_));
      position_ = body_at_ + body_size_;
      return body_size_ == length_ ? State::kDone : State::kMore;
    case Body::kUntilClose:
      if (streams()) return read_stream();
      body_size_ = have_ - body_at_;
      position_ = have_;
      return body_size_ > largest_body_ ? State::kTooLarge : State::kMore;
    case Body::kChunked:
      break;
  }
  return read_chunks();
}

AnswerParser::State AnswerParser::read_chunks() {
  const auto state = [&] {
    while (true) {
      if (chunk_ == Chunk::kData) {
        // Moved to the end of what came before, so that the body lies in one piece.
        const auto size = std::min(chunk_left_, have_ - position_);
        if (!streams()) {
          std::memmove(buffer_.data() + body_at_ + body_size_, buffer_.data() + position_, size);
          body_size_ += size;
        } else if (!pass_on(seen().substr(position_, size))) {
          return State::kStopped;
        }
        position_ += size;
        chunk_left_ -= size;
        if (chunk_left_ > 0) return State::kMore;
        chunk_ = Chunk::kDataEnd;
      }
      const std::string_view all(buffer_.data(), have_);
      const auto end = all.find('\n', position_);
      const auto longest = chunk_ == Chunk::kTrailer ? kLongestTrailer : kLongestChunkLine;
      if (end == std::string_view::npos) return have_ - position_ > longest ? State::kMalformed : State::kMore;
      if (end == position_ || all[end - 1] != '\r' || end - position_ > longest) return State::kMalformed;
      const auto line = all.substr(position_, end - 1 - position_);
      position_ = end + 1;
      if (chunk_ == Chunk::kDataEnd) {
        if (!line.empty()) return State::kMalformed;
        chunk_ = Chunk::kSize;
      } else if (chunk_ == Chunk::kTrailer) {
        if (line.empty()) return State::kDone;
        if (total_ - body_size_ - streamed_ > kLargestHead + limit()) return State::kTooLarge;
      } else {
        std::size_t digits = 0;
        std::size_t size = 0;
        for (; digits < line.size() && hex_value(line[digits]) >= 0; ++digits) {
          size = (size * 16) + static_cast<std::size_t>(hex_value(line[digits]));
          if (size > limit()) return State::kTooLarge;
        }
        const bool extended =
            digits < line.size() && (line[digits] == ';' || line[digits] == ' ' || line[digits] == '\t');
        if (digits == 0 || (digits < line.size() && !extended)) return State::kMalformed;
        if (body_size_ + streamed_ + size > limit()) return State::kTooLarge;
        chunk_left_ = size;
        chunk_ = size == 0 ? Chunk::kTrailer : Chunk::kData;
      }
    }
  }();
  if (state == State::kMore) {
    // What is left moves up behind the body: sizes and line ends take no room.
    const auto left = have_ - position_;
    std::memmove(buffer_.data() + body_at_ + body_size_, buffer_.data() + position_, left);
    position_ = body_at_ + body_size_;
    have_ = position_ + left;
    // Bodies of chunks of one byte are sent in order to cost much.
    if (total_ > ((limit() + kLargestHead) * 8)) return State::kTooLarge;
  }
  return state;
}

}  // namespace referee::http
