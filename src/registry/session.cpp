#include "session.hpp"

#include <fmt/format.h>
#include <sys/sendfile.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <cerrno>
#include <optional>
#include <type_traits>

#include "authorization.hpp"
#include "content_store.hpp"
#include "problem.hpp"
#include "response_head.hpp"
#include "route.hpp"

namespace referee::registry {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

constexpr std::uint32_t kHeaderLimit = 64 * 1024;
constexpr std::size_t kBufferSize = 256UL * 1024;
constexpr std::size_t kPieceSize = 64UL * 1024;  // stays with a connection once it had a body
/// Of a file: written to wait until the client takes more, with the stream's time limit. The rest the kernel sends.
constexpr std::size_t kWaitingPiece = 4UL * 1024;
/// From this size on a file is sent with so much waiting to be received.
constexpr std::uint64_t kLargeFile = 4UL * 1024 * 1024;
constexpr int kWaiting = 256 * 1024;
/// A refused body up to this size is read to its end, so that the connection can be used again.
constexpr std::uint64_t kPoliteDrain = 8ULL * 1024 * 1024;
/// Beyond that the answer is sent at once; what still comes is thrown away, so that the client can read the answer.
constexpr std::uint64_t kLingerBytes = 1024ULL * 1024 * 1024;
constexpr std::chrono::seconds kLingerTime{30};

double since_epoch() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Counted as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

/// All fields of that name as one.
std::string joined(const Headers& headers, std::string_view wanted) {
  std::string all;
  for (const auto& [name, value] : headers) {
    if (equal_ignoring_case(name, wanted)) all += (all.empty() ? "" : ", ") + value;
  }
  return all;
}

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, SessionContext& context)
      : stream_(std::move(socket)), context_(context), piece_(0) {
    buffer_.reserve(kBufferSize);
    buffer_.max_size(kBufferSize);
    error_code ignored;
    (void)stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  awaitable<void> run() {
    while (co_await serve_one()) {
    }
    error_code ignored;
    (void)stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    (void)stream_.socket().close(ignored);
  }

 private:
  using Parser = http::request_parser<http::buffer_body>;

  void touch() { stream_.expires_after(context_.idle_timeout); }

  /// One request and its answer. False: the connection is over.
  awaitable<bool> serve_one() {
    Parser& parser = parser_.emplace();
    parser.header_limit(kHeaderLimit);
    parser.body_limit(boost::none);
    touch();
    // Beast's limit is one of a single read: many small fields would pass it.
    for (std::size_t header = 0; !parser.is_header_done();) {
      auto [error, read] = co_await http::async_read_some(stream_, buffer_, parser, kAwait);
      header += read;
      if (!error && header > kHeaderLimit) error = http::error::header_limit;
      if (error) {
        co_await refuse(error);
        co_return false;
      }
    }
    parser.eager(true);
    started_ = std::chrono::steady_clock::now();
    started_at_ = since_epoch();
    received_ = 0;
    sent_ = 0;
    Transaction transaction(context_.core, make_request(parser), context_.control);
    co_return co_await answer(parser, transaction);
  }

  awaitable<bool> answer(Parser& parser, Transaction& transaction) {
    std::optional<Counted> pending(std::in_place, context_.pending);
    const bool keep = parser.get().keep_alive();
    const bool expects = !parser.is_done() && beast::iequals(parser.get()[http::field::expect], "100-continue");
    auto response = guard([&] { return transaction.open(); });
    bool drained = true;
    if (response) {
      drained = !expects && co_await drain(parser);
    } else {
      if (expects && buffer_.size() == 0) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        if (!co_await write(kContinue, {})) co_return false;
      }
      if (!co_await receive(parser, transaction, response)) co_return false;
      if (response) {
        drained = co_await drain(parser);
      } else {
        response = guard([&] { return transaction.finish(); });
      }
    }
    if (const auto wait = context_.delay + response->delay; wait.count() > 0) {
      asio::steady_timer timer(co_await asio::this_coro::executor, wait);
      co_await timer.async_wait(kAwait);
    }
    const bool close = !keep || !drained || response->close || response->framing == Framing::kUntilClose;
    const bool sent = co_await send(*response, transaction.request().method == Method::kHead, close);
    log(parser, transaction.request(), response->status);
    pending.reset();
    if (sent && !drained) co_await linger();
    co_return sent && !close;
  }

  static Request make_request(const Parser& parser) {
    const auto& message = parser.get();
    Request request;
    request.method = parse_method(message.method_string());
    request.target = message.target();
    for (const auto& field : message) request.headers.add(field.name_string(), field.value());
    if (const auto length = parser.content_length()) request.content_length = *length;
    request.chunked = parser.chunked();
    return request;
  }

  /// A handler that throws costs its own request only.
  template <typename Step>
  static std::invoke_result_t<Step> guard(Step step) {
    try {
      return step();
    } catch (const std::exception&) {
      auto response = problem(500, code::kUnsupported, "internal fault");
      response.close = true;
      return response;
    }
  }

  /// The next piece of the body, empty at its end; nullopt if the connection is lost or what comes is not HTTP.
  awaitable<std::optional<std::string_view>> next_piece(Parser& parser) {
    if (piece_.empty()) piece_.resize(kPieceSize);
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = piece_.data();
      body.size = piece_.size();
      body.more = true;
      touch();
      auto [error, read] = co_await http::async_read_some(stream_, buffer_, parser, kAwait);
      if (error == http::error::need_buffer) error = {};
      if (error) {
        co_await refuse(error);
        co_return std::nullopt;
      }
      const auto size = piece_.size() - parser.get().body().size;
      received_ += size;
      if (size > 0) co_return std::string_view(piece_.data(), size);
    }
    co_return std::string_view{};
  }

  /// Hands the body over. False: the connection is lost.
  awaitable<bool> receive(Parser& parser, Transaction& transaction, std::optional<Response>& response) {
    while (!response) {
      const auto piece = co_await next_piece(parser);
      if (!piece) co_return false;
      if (piece->empty()) break;
      response = guard([&] { return transaction.write(*piece); });
    }
    co_return true;
  }

  /// Throws the rest of a body away. True if its end was reached.
  awaitable<bool> drain(Parser& parser) {
    const auto limit = received_ + kPoliteDrain;
    if (parser.content_length_remaining().value_or(0) > kPoliteDrain) co_return false;
    while (received_ <= limit) {
      const auto piece = co_await next_piece(parser);
      if (!piece) co_return false;
      if (piece->empty()) co_return true;
    }
    co_return false;
  }

  /// Keeps reading for a while after the last answer: closing at once would reset the connection under the client's
  /// feet.
  awaitable<void> linger() {
    error_code ignored;
    (void)stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    if (piece_.empty()) piece_.resize(kPieceSize);
    const auto end =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(kLingerTime, 2 * context_.idle_timeout);
    for (std::uint64_t taken = 0; taken < kLingerBytes;) {
      stream_.expires_at(end);
      auto [error, read] = co_await stream_.async_read_some(asio::buffer(piece_), kAwait);
      if (error) break;
      taken += read;
    }
  }

  /// Answers what is not HTTP; says nothing to a client that is gone or silent.
  awaitable<void> refuse(error_code error) {
    if (error.category() != http::make_error_code(http::error::bad_method).category()) co_return;
    if (error == http::error::end_of_stream || error == http::error::partial_message) co_return;
    const bool long_header = error == http::error::header_limit || error == http::error::buffer_overflow;
    auto response = problem(long_header ? 431 : 400, code::kUnsupported, "not a valid HTTP request");
    if (co_await send(response, false, true)) co_await linger();
  }

  awaitable<bool> write(std::string_view first, std::string_view second, std::string_view third = {}) {
    const std::array<asio::const_buffer, 3> buffers{asio::buffer(first), asio::buffer(second), asio::buffer(third)};
    touch();
    auto [error, written] = co_await asio::async_write(stream_, buffers, kAwait);
    co_return !error;
  }

  /// On loopback nothing is gained by what waits to be received; all that waits has left the processor's caches when it
  /// is.
  void keep_little_waiting() {
    error_code ignored;
    if (waits_little_ || !stream_.socket().local_endpoint(ignored).address().is_loopback()) return;
    waits_little_ = true;
    (void)stream_.socket().set_option(asio::socket_base::send_buffer_size(kWaiting), ignored);
  }

  /// Has the kernel send what is in a file, as much as the client takes without waiting: a copy through this process
  /// would take three times as long. Whatever stops it, the usual way goes on from there.
  /// Returns whether the kernel can do that at all.
  bool send_at_once(const Response& response, std::uint64_t size) {
    constexpr std::uint64_t kCall = 1 << 20U;
    constexpr int kCalls = 16;  // then others have their turn
    for (int call = 0; call < kCalls && sent_ < size; ++call) {
      auto from = static_cast<off_t>(response.offset + sent_);
      const auto put =
          ::sendfile(stream_.socket().native_handle(), response.content->file(), &from, std::min(size - sent_, kCall));
      if (put <= 0) return put < 0 && (errno == EAGAIN || errno == EINTR);
      sent_ += static_cast<std::uint64_t>(put);
    }
    return true;
  }

  /// False: the connection is not usable any more.
  awaitable<bool> send(const Response& response, bool head_request, bool close) {
    auto head = response_head(response, head_request, close);
    if (head_request || is_bodyless(response.status)) co_return co_await write(head, {});
    const bool chunked = response.framing == Framing::kChunked;
    const auto size = std::min(response.body_size(), response.cut_after.value_or(response.body_size()));
    const bool from_file = response.content && !chunked && response.content->file() >= 0;
    std::uint64_t largest = kBufferSize;
    if (from_file) largest = size > kPieceSize ? kWaitingPiece : kPieceSize;
    if (from_file && size >= kLargeFile) keep_little_waiting();
    std::string scratch;
    while (sent_ < size) {
      if (from_file && head.empty() && !send_at_once(response, size)) largest = kPieceSize;
      if (sent_ == size) break;
      const auto most = std::min<std::uint64_t>(size - sent_, response.content ? largest : size);
      const auto piece = response.content ? response.content->read(response.offset + sent_, most, scratch)
                                          : std::string_view(response.body).substr(sent_, most);
      if (piece.empty()) co_return false;
      if (chunked) head += fmt::format("{:x}\r\n", piece.size());
      if (!co_await write(head, piece, chunked ? "\r\n" : "")) co_return false;
      head.clear();
      sent_ += piece.size();
    }
    if (chunked && !response.cut_after) head += "0\r\n\r\n";
    if (!head.empty() && !co_await write(head, {})) co_return false;
    co_return !response.cut_after;
  }

  void log(const Parser& parser, const Request& request, int status) const {
    if (!context_.access_log) return;
    AccessRecord record;
    record.method = parser.get().method_string();
    record.target = request.target;
    record.user_agent = request.headers.value("User-Agent");
    record.range = request.headers.value("Range");
    record.accept = joined(request.headers, "Accept");
    record.host = request.headers.value("Host");
    record.authorization = kind_of_credentials(request);
    record.content_type = request.headers.value("Content-Type");
    record.if_match = request.headers.value("If-Match");
    record.status = status;
    record.request_bytes = received_;
    record.response_bytes = sent_;
    record.started = started_at_;
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    context_.access_log(record);
  }

  beast::tcp_stream stream_;
  SessionContext& context_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::vector<char> piece_;
  bool waits_little_ = false;
  std::uint64_t received_ = 0;  ///< bytes of this request's body
  std::uint64_t sent_ = 0;      ///< bytes of this response's body
  std::chrono::steady_clock::time_point started_;
  double started_at_ = 0;
};

}  // namespace

awaitable<void> serve_connection(asio::ip::tcp::socket socket, SessionContext& context) {
  Connection connection(std::move(socket), context);
  co_await connection.run();
}

}  // namespace referee::registry
