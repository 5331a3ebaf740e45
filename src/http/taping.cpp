#include "taping.hpp"

#include <algorithm>
#include <utility>

#include "encoding.hpp"
#include "referee/http/lane.hpp"
#include "referee/oci/digest.hpp"

namespace referee::http {
namespace {

bool success(int status) {
  return status >= 200 && status < 300;
}

/// The headers of a request that is played, with the fields that libcurl adds for a body, so that a replayed exchange
/// gives the same curl command. Credentials are not known, and what names host and program is in no command.
Headers as_sent(const Request& request, const std::string& version) {
  auto headers = request.headers;
  if (request.method == "HEAD" || (!request.has_body && request.body.empty())) return headers;
  if (request.chunked) {
    // HTTP/2 has no such field.
    if (version != "2") headers.add("Transfer-Encoding", "chunked");
  } else if (!headers.has("Content-Length")) {
    headers.add("Content-Length", std::to_string(request.claimed_length.value_or(request.body.size())));
  }
  return headers;
}

}  // namespace

Question question_of(const Request& request, const Redactor& redactor) {
  Question question;
  question.lane = Lane::current();
  question.method = request.method;
  question.url = redactor.text(request.url);
  for (const auto& [name, value] : request.headers) question.headers.add(name, redactor.header(name, value));
  if (request.has_body || !request.body.empty()) {
    question.body = oci::Digest::of(request.body).str();
    question.body_bytes = request.body.size();
  }
  question.chunked = request.chunked;
  question.claimed_length = request.claimed_length;
  question.follow_redirects = request.follow_redirects;
  question.authenticate = request.authenticate;
  question.retry = request.retry;
  return question;
}

/// What a sink is given, and its beginning as far as a recording keeps it.
struct Take::Stream {
  BodySink into;
  oci::Hasher hasher;
  std::string kept;
  std::uint64_t bytes = 0;

  bool take(std::string_view piece) {
    hasher.update(piece);
    bytes += piece.size();
    if (bytes <= kLargestRecordedBody) kept += piece;
    return into(piece);
  }
};

Take::Take(RecordingWriter& writer, const Redactor& redactor, Request& request)
    : writer_(writer), redactor_(redactor), question_(question_of(request, redactor)) {
  if (!question_.body.empty()) writer_.sends(question_.lane, question_.body);
  if (!request.into) return;
  stream_ = std::make_shared<Stream>();
  stream_->into = std::move(request.into);
  request.into = [stream = stream_](std::string_view piece) { return stream->take(piece); };
}

Take::~Take() = default;

void Take::answered(const Result& result, std::size_t exchanges, int status) {
  Answered answered;
  answered.question = std::move(question_);
  auto& answer = answered.answer;
  answer.exchanges = exchanges;
  std::string body;
  if (result) {
    body = result->body;
    answer.response.status = result->status;
    answer.response.version = result->version;
    answer.response.url = redactor_.text(result->url);
    for (const auto& [name, value] : result->headers) {
      answer.response.headers.add(name, redactor_.header(name, value));
    }
    answer.response.body_bytes = result->body_bytes;
  } else {
    answer.error = result.error();
    answer.response.status = status;
  }
  bool whole = true;
  if (stream_ && stream_->bytes > 0) {
    answer.body = stream_->hasher.finish().str();
    answer.response.body_bytes = stream_->bytes;
    whole = stream_->bytes <= kLargestRecordedBody;
    body = std::move(stream_->kept);
  } else if (!body.empty()) {
    answer.body = oci::Digest::of(body).str();
  }
  // What the client sent itself holds no secret of the server's.
  if (whole && !body.empty() && !writer_.has_sent(answer.body)) {
    auto clean = valid_utf8(body) ? redactor_.text(body) : redactor_.secrets(body);
    if (clean != body) {
      body = std::move(clean);
      answer.body = oci::Digest::of(body).str();
    }
  }
  writer_.add(std::move(answered), whole ? std::optional<std::string_view>(body) : std::nullopt);
}

std::size_t record_played(Recorder& recorder, const Request& request, const Player::Played& played) {
  WireRequest shown;
  shown.method = request.method;
  shown.url = request.url;
  shown.body = request.body;
  WireResult came;
  came.request_headers = as_sent(request, played.answer.response.version);
  came.request_bytes = request.body.size();
  std::size_t number = 0;
  for (std::size_t made = 1; made <= played.answer.exchanges; ++made) {
    if (made == played.answer.exchanges) {
      came.error = played.answer.error;
      came.response = played.answer.response;
      came.response.body = played.body.substr(0, Exchange::kBodyExcerpt * 2);
      // Where redirects led.
      if (made > 1 && !came.response.url.empty()) shown.url = came.response.url;
    }
    number = recorder.record(shown, came, made == 1 ? Purpose::kRequest : Purpose::kRetry);
  }
  return number;
}

Result result_of(Player::Played played, const Request& request) {
  auto& answer = played.answer;
  constexpr std::size_t kPiece = 65536;
  const bool streams = request.into && (answer.error || success(answer.response.status));
  if (streams) {
    for (std::string_view rest = played.body; !rest.empty();) {
      const auto piece = rest.substr(0, kPiece);
      rest.remove_prefix(piece.size());
      if (!request.into(piece)) break;
    }
  }
  if (answer.error) return tl::unexpected(std::move(*answer.error));
  if (!streams) answer.response.body = std::move(played.body);
  return std::move(answer.response);
}

}  // namespace referee::http
