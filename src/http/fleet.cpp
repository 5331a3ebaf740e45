#include "fleet.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>

#include "referee/http/url.hpp"

namespace referee::http {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How often time limits are looked at, and how long a turn waits.
constexpr milliseconds kLook{50};
/// More of them would only wait for each other.
constexpr long kMostConnections = 64;

}  // namespace

struct Fleet::Sortie {
  explicit Sortie(const ClientOptions& options) : easy(options) {}

  EasyHandle easy;
  WireRequest request;
  Landed landed;
  std::unique_ptr<Transfer> transfer;  ///< null: nothing is in flight
  WireResult result;
  std::string host;
};

Fleet::Fleet(const ClientOptions& options)
    : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), multi_(curl_multi_init()), lane_(options, epoll_) {
  if (epoll_ < 0 || !multi_) throw std::bad_alloc();
  CURLM* multi = multi_.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Fleet::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Fleet::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kMostConnections);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, kMostConnections);
}

Fleet::~Fleet() {
  for (auto& sortie : sorties_) {
    if (sortie->transfer) curl_multi_remove_handle(multi_.get(), sortie->easy.get());
  }
  sorties_.clear();
  multi_.reset();  // it tells epoll of each socket that it closes
  ::close(epoll_);
}

void Fleet::limit_connections(std::size_t most) {
  const auto connections = std::clamp<long>(static_cast<long>(most), 1, kMostConnections);
  lane_.limit_connections(static_cast<std::size_t>(connections));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections);
}

int Fleet::on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* self, void* known) {
  const auto& fleet = *static_cast<Fleet*>(self);
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(fleet.epoll_, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  event.data.fd = socket;
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  if (::epoll_ctl(fleet.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0) {
    ::epoll_ctl(fleet.epoll_, known == nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  }
  curl_multi_assign(fleet.multi_.get(), socket, self);
  return 0;
}

int Fleet::on_timer(CURLM* /*multi*/, long wait, void* self) {
  static_cast<Fleet*>(self)->timer_ =
      wait < 0 ? steady_clock::time_point::max() : steady_clock::now() + milliseconds(wait);
  return 0;
}

void Fleet::launch(WireRequest request, Landed landed) {
  ++in_flight_;
  const auto way = lane_.way(request);
  if (way) return lane_.launch(std::move(request), std::move(landed), *way);
  launch_by_libcurl(std::move(request), std::move(landed));
}

void Fleet::launch_by_libcurl(WireRequest request, Landed landed) {
  if (idle_.empty()) {
    sorties_.push_back(std::make_unique<Sortie>(options_));
    idle_.push_back(sorties_.back().get());
  }
  auto& sortie = *idle_.back();
  idle_.pop_back();
  sortie.request = std::move(request);
  sortie.landed = std::move(landed);
  sortie.host = authority(sortie.request.url);
  sortie.transfer = std::make_unique<Transfer>(options_, sortie.request);
  sortie.easy.configure(sortie.request, false);
  CURL* easy = sortie.easy.get();
  sortie.transfer->attach(easy, Transfer::Observe::kAnswer);
  // The first answer shows whether one connection carries all of them.
  if (sortie.request.url.starts_with("https:")) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &sortie);
  curl_multi_add_handle(multi_.get(), easy);
}

void Fleet::end(Sortie& sortie, std::optional<Error> error) {
  sortie.result = sortie.easy.finish(*sortie.transfer, sortie.request, std::move(error));
  // What was sent is not observed here: it is what was asked for.
  sortie.result.request_headers = sortie.request.headers;
  curl_multi_remove_handle(multi_.get(), sortie.easy.get());
  sortie.transfer.reset();
  done_.push_back(&sortie);
}

void Fleet::poll() {
  const auto now = steady_clock::now();
  const auto wait = timer_ <= now || lane_.is_busy()
                        ? milliseconds(0)
                        : std::min(kLook, duration_cast<milliseconds>(timer_ - now) + milliseconds(1));
  std::array<epoll_event, 64> events{};
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait.count()));
  int running = 0;
  for (int at = 0; at < count; ++at) {
    const auto& event = events.at(static_cast<std::size_t>(at));
    if ((event.data.u64 & PlainLane::kMark) != 0) {
      lane_.ready(event.data.u64, event.events);
      continue;
    }
    int what = 0;
    if ((event.events & (EPOLLIN | EPOLLHUP)) != 0) what |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((event.events & EPOLLERR) != 0) what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_.get(), event.data.fd, what, &running);
  }
  lane_.resume();
  if (timer_ <= steady_clock::now()) {
    timer_ = steady_clock::time_point::max();
    curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void Fleet::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* known = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &known);
    auto& sortie = *reinterpret_cast<Sortie*>(known);  // NOLINT(*-reinterpret-cast): libcurl gives back what it got
    end(sortie, sortie.easy.outcome(message->data.result, *sortie.transfer, sortie.host));
  }
}

void Fleet::expire() {
  const auto now = steady_clock::now();
  if (now < next_look_) return;
  next_look_ = now + kLook;
  const bool cancelled = options_.cancelled && options_.cancelled();
  lane_.expire(now, cancelled);
  for (auto& sortie : sorties_) {
    if (!sortie->transfer) continue;
    sortie->easy.watch_connection(*sortie->transfer, now);
    const auto why = sortie->transfer->expired(now);
    if (!why.empty()) {
      end(*sortie, Error{ErrorKind::kTimeout, fmt::format("{} {}{}", why, sortie->transfer->peer(sortie->host),
                                                          sortie->easy.doubt(*sortie->transfer))});
    } else if (cancelled) {
      end(*sortie, Error{ErrorKind::kTimeout, fmt::format("cancelled during the exchange with {}", sortie->host)});
    }
  }
}

void Fleet::turn() {
  poll();
  collect();
  expire();
  for (auto& landing : lane_.take_landings()) {
    if (!landing.result) {
      launch_by_libcurl(std::move(landing.request), std::move(landing.landed));
      continue;
    }
    --in_flight_;
    landing.landed(landing.request, std::move(*landing.result), landing.again);
  }
  const auto landed = std::exchange(done_, {});
  for (auto* sortie : landed) {
    const auto request = std::move(sortie->request);
    auto result = std::move(sortie->result);
    const auto tell = std::move(sortie->landed);
    idle_.push_back(sortie);
    --in_flight_;
    const bool lost = result.lost;
    tell(request, std::move(result), lost);
  }
}

}  // namespace referee::http
