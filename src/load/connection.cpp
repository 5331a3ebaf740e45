#include "connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace referee::load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Connection::Connection(asio::io_context& context, tcp::endpoint server, std::chrono::milliseconds time_limit,
                       std::size_t largest_body, std::vector<std::unique_ptr<Play>> plays, Owner& owner)
    : socket_(context),
      server_(std::move(server)),
      time_limit_(time_limit),
      plays_(std::move(plays)),
      owner_(owner),
      parser_(largest_body) {}

void Connection::connect() {
  deadline_ = Clock::now() + time_limit_;
  open_socket();
}

void Connection::take(const Job& job, Clock::time_point now) {
  busy_ = true;
  now_ = Ended();
  now_.job = job;
  now_.sent = now;
  deadline_ = now + time_limit_;
  kept_ = open_;
  const auto first = plays_[job.kind]->begin(job.number);
  if (open_) {
    send(first);
  } else {
    out_ = first;
    open_socket();
  }
}

void Connection::expire(Clock::time_point now) {
  if (now < deadline_) return;
  if (busy_) {
    fail(Cause::kTimeout);
  } else if (connecting_) {
    on_connected(true);
  }
}

void Connection::shut() {
  close_socket();
  if (busy_) plays_[now_.job.kind]->abandoned();
  busy_ = false;
}

void Connection::open_socket() {
  connecting_ = true;
  const auto mine = ++generation_;
  socket_.async_connect(server_, [this, mine](const error_code& error) {
    if (mine == generation_) on_connected(static_cast<bool>(error));
  });
}

void Connection::on_connected(bool failed) {
  connecting_ = false;
  if (!failed) {
    error_code error;
    (void)socket_.set_option(tcp::no_delay(true), error);
    if (!error) (void)socket_.non_blocking(true, error);
    failed = static_cast<bool>(error);
  }
  open_ = !failed;
  if (failed) close_socket();
  if (!busy_) {
    owner_.connected(*this);
  } else if (failed) {
    fail(Cause::kConnect);
  } else {
    send(out_);
  }
}

void Connection::send(const Outgoing& what) {
  out_ = what;
  written_ = 0;
  parser_.reset();
  flush();
}

void Connection::flush() {
  const auto size = out_.head.size() + out_.body.size();
  while (written_ < size) {
    const auto in_head = std::min(written_, out_.head.size());
    const std::array<asio::const_buffer, 2> rest{
        asio::buffer(out_.head.data() + in_head, out_.head.size() - in_head),
        asio::buffer(out_.body.data() + (written_ - in_head), out_.body.size() - (written_ - in_head))};
    error_code error;
    const auto sent = socket_.write_some(rest, error);
    written_ += sent;
    now_.bytes_sent += sent;
    if (error == asio::error::would_block) {
      socket_.async_wait(tcp::socket::wait_write, [this, mine = generation_](const error_code& failed) {
        if (mine != generation_) return;
        if (failed) return lost();
        flush();
      });
      return;
    }
    // Whoever refuses a request before it is whole has answered, maybe: that is read before it counts as lost.
    if (error && !out_.body.empty() && written_ > 0) break;
    if (error) return lost();
  }
  read();
}

void Connection::read() {
  const auto room = parser_.room();
  socket_.async_read_some(asio::buffer(room.data(), room.size()),
                          [this, mine = generation_](const error_code& error, std::size_t size) {
                            if (mine != generation_) return;
                            if (error == asio::error::eof) {
                              judge(parser_.ended());
                            } else if (error) {
                              lost();
                            } else {
                              judge(parser_.received(size));
                            }
                          });
}

void Connection::judge(http::AnswerParser::State state) {
  switch (state) {
    case http::AnswerParser::State::kMore:
      return read();
    case http::AnswerParser::State::kDone:
      return answered();
    case http::AnswerParser::State::kStopped:  // nothing here stops it
    case http::AnswerParser::State::kMalformed:
      return fail(Cause::kMalformed);
    case http::AnswerParser::State::kTooLarge:
      return fail(Cause::kTooLarge);
    case http::AnswerParser::State::kTruncated:
      return fail(Cause::kTruncated);
    case http::AnswerParser::State::kClosed:
      return lost();
  }
}

void Connection::answered() {
  ++now_.requests;
  now_.bytes_received += parser_.total();
  if (parser_.surplus()) return fail(Cause::kMalformed);
  const bool whole = written_ == out_.head.size() + out_.body.size();
  const Answer answer{parser_.status(), parser_.location(), parser_.body()};
  now_.status = answer.status;
  if (!parser_.keeps_alive() || !whole) close_socket();
  Outgoing next;
  switch (plays_[now_.job.kind]->answered(answer, next)) {
    case After::kSend:
      kept_ = open_;
      if (open_) return send(next);
      out_ = next;
      return open_socket();
    case After::kDone:
      return finish(true);
    case After::kStatus:
      now_.cause = Cause::kStatus;
      break;
    case After::kBody:
      now_.cause = Cause::kBody;
      break;
  }
  plays_[now_.job.kind]->abandoned();
  finish(false);
}

/// The connection ended. A server may end one that it keeps at any time, so that a request which crossed that is sent
/// again (RFC 9112, section 9.3.1), if it changes nothing; once.
void Connection::lost() {
  if (parser_.started()) return fail(Cause::kTruncated);
  if (!kept_ || !out_.head.starts_with("GET ")) return fail(Cause::kClosed);
  kept_ = false;
  now_.reconnected = true;
  close_socket();
  open_socket();
}

void Connection::fail(Cause cause, int status) {
  close_socket();
  plays_[now_.job.kind]->abandoned();
  now_.cause = cause;
  if (status != 0) now_.status = status;
  finish(false);
}

void Connection::finish(bool right) {
  busy_ = false;
  now_.right = right;
  now_.ended = Clock::now();
  owner_.ended(*this, now_);
}

void Connection::close_socket() {
  ++generation_;
  open_ = connecting_ = false;
  error_code ignored;
  (void)socket_.close(ignored);
}

}  // namespace referee::load
