#include "plain_connection.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace referee::http {
namespace {

/// What an idle connection may keep in memory for its next answer, bytes.
constexpr std::size_t kKeptBuffer = std::size_t{256} * 1024;
/// How long one answer is read from that comes without a pause, before time limits are looked at and others have their
/// turn.
constexpr std::chrono::milliseconds kTurn{20};

}  // namespace

PlainConnection::PlainConnection(int epoll, std::uint64_t name, const sockaddr_in& peer)
    : epoll_(epoll), name_(name), peer_(peer), parser_(0) {}

PlainConnection::~PlainConnection() {
  close();
}

void PlainConnection::close() {
  if (socket_ >= 0) ::close(socket_);  // the epoll forgets it
  socket_ = -1;
  ends_ = false;
}

void PlainConnection::turn_to(const sockaddr_in& peer) {
  close();
  peer_ = peer;
}

/// Whether it is open, and nothing waits on it: an end, or words that nobody asked for, which would be taken for the
/// next answer.
bool PlainConnection::usable() const {
  char byte = 0;
  return socket_ >= 0 && !ends_ && ::recv(socket_, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

PlainConnection::State PlainConnection::send(std::string request, const Limits& limits) {
  busy_ = true;
  request_ = std::move(request);
  written_ = 0;
  connected_.reset();
  first_byte_.reset();
  last_byte_ = std::chrono::steady_clock::now();
  unread_ = false;
  parser_.reset(limits.kept, limits.into, limits.passed);
  reused_ = usable();
  if (reused_) return flush();
  close();
  return open();
}

PlainConnection::State PlainConnection::open() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return State::kLost;
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const auto* address = reinterpret_cast<const sockaddr*>(&peer_);  // NOLINT(*-reinterpret-cast): as connect() wants it
  if (::connect(socket_, address, sizeof peer_) != 0 && errno != EINPROGRESS) return State::kLost;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = name_;
  // Once for its whole life: that it may be written to is told as soon as it is connected.
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) == 0 ? State::kMore : State::kLost;
}

PlainConnection::State PlainConnection::flush() {
  while (written_ < request_.size()) {
    const auto sent = ::send(socket_, request_.data() + written_, request_.size() - written_, MSG_NOSIGNAL);
    if (sent >= 0) {
      written_ += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == ENOTCONN) {
      return State::kMore;
    } else if (errno != EINTR) {
      return State::kLost;
    }
  }
  return State::kMore;
}

PlainConnection::State PlainConnection::ready(std::uint32_t events) {
  if (socket_ < 0) return State::kMore;  // told of the one before
  if (!busy_) {
    // Nothing is due: the peer has closed it, or says what nobody asked for.
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) close();
    return State::kMore;
  }
  // Told once, whether or not what comes before it has been read by then.
  ends_ = ends_ || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  const bool up = (events & EPOLLOUT) != 0 && (events & EPOLLERR) == 0;
  if (!reused_ && !connected_ && up) connected_ = last_byte_ = std::chrono::steady_clock::now();
  if (!request_is_out()) {
    if (const auto state = flush(); state != State::kMore) return state;
    if (!request_is_out() && !ends_) return State::kMore;
  }
  return (events & EPOLLIN) != 0 || ends_ ? read() : State::kMore;
}

PlainConnection::State PlainConnection::read() {
  std::optional<Instant> begun;
  unread_ = false;
  for (;;) {
    const auto room = parser_.room();
    const auto size = ::recv(socket_, room.data(), room.size(), 0);
    auto state = AnswerParser::State::kMore;
    if (size > 0) {
      last_byte_ = std::chrono::steady_clock::now();
      if (!first_byte_) first_byte_ = last_byte_;
      if (!begun) begun = last_byte_;
      state = parser_.received(static_cast<std::size_t>(size));
    } else if (size == 0) {
      state = parser_.ended();
    } else if (errno == EAGAIN) {
      return State::kMore;
    } else if (errno != EINTR) {
      return parser_.started() ? State::kCut : State::kLost;
    }
    switch (state) {
      case AnswerParser::State::kMore:
        // What comes later is told of; that it ends has been told already.
        if (size > 0 && static_cast<std::size_t>(size) < room.size() && !ends_) return State::kMore;
        unread_ = begun && last_byte_ - *begun > kTurn;
        if (unread_) return State::kMore;
        break;
      case AnswerParser::State::kDone:
        // libcurl tells of an answer that begins before the whole request is out, too.
        return State::kWhole;
      case AnswerParser::State::kTruncated:
        return State::kCut;
      case AnswerParser::State::kClosed:
        return State::kLost;
      case AnswerParser::State::kStopped:
        return State::kStopped;
      case AnswerParser::State::kTooLarge:
        return State::kTooMuch;
      case AnswerParser::State::kMalformed:
        return State::kOdd;
    }
  }
}

void PlainConnection::rest(bool whole) {
  busy_ = unread_ = false;
  if (!whole || ends_ || !parser_.keeps_alive() || parser_.surplus() || !request_is_out()) close();
  if (parser_.total() - parser_.streamed() > kKeptBuffer) parser_ = AnswerParser(0);
}

}  // namespace referee::http
