#include "plain_lane.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <ranges>

#include "origin.hpp"
#include "referee/http/url.hpp"
#include "trim.hpp"

namespace referee::http {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using Instant = PlainConnection::Instant;

constexpr std::size_t kMostOdd = 1024;

double lasted(steady_clock::duration time) {
  return duration<double>(time).count();
}

std::pair<std::uint32_t, std::uint16_t> key_of(const sockaddr_in& peer) {
  return {peer.sin_addr.s_addr, peer.sin_port};
}

/// Of an IPv4 address or localhost, which libcurl, too, finds without asking anybody.
std::optional<sockaddr_in> address_of(std::string host, std::string_view port) {
  if (host == "localhost") host = "127.0.0.1";
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::uint16_t number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size()) return std::nullopt;
  address.sin_port = htons(number);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return std::nullopt;
  return address;
}

/// Whether the environment names a proxy that libcurl might use.
bool proxy_is_named() {
  static constexpr std::array<const char*, 3> kNames{"http_proxy", "all_proxy", "ALL_PROXY"};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  return std::ranges::any_of(kNames, [](const char* name) { return std::getenv(name) != nullptr; });
}

std::string request_text(const WireRequest& request, const std::string& agent) {
  const auto& url = request.url;
  const auto host = url.find("//") + 2;
  const auto path = std::min(url.find_first_of("/?#", host), url.size());
  auto authority = std::string_view(url).substr(host, path - host);
  if (authority.ends_with(":80")) authority.remove_suffix(3);  // libcurl leaves out the default, too
  const auto target = std::string_view(url).substr(path, url.find('#', path) - path);
  std::string text;
  text.reserve(512);
  text.append(request.method).append(target.starts_with('/') ? " " : " /").append(target);
  text.append(" HTTP/1.1\r\n");
  if (!request.headers.has("Host")) text.append("Host: ").append(authority).append("\r\n");
  if (!agent.empty() && !request.headers.has("User-Agent")) text.append("User-Agent: ").append(agent).append("\r\n");
  if (!request.headers.has("Accept")) text.append("Accept: */*\r\n");
  for (const auto& [name, value] : request.headers) text.append(name).append(": ").append(value).append("\r\n");
  return text.append("\r\n");
}

void read_fields(std::string_view lines, Headers& headers) {
  headers.reserve(static_cast<std::size_t>(std::ranges::count(lines, '\n')));
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const auto line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    const auto colon = line.find(':');  // the parser has seen to it that there is one
    if (colon == std::string_view::npos) continue;
    headers.add(std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  }
}

}  // namespace

/// A connection and the request that is on it.
struct PlainLane::Run {
  Run(int epoll, std::uint64_t name, const sockaddr_in& peer) : connection(epoll, name, peer) {}

  PlainConnection connection;
  WireRequest request;
  Landed landed;
  std::unique_ptr<Transfer> transfer;  ///< its time limits; null: nothing is on the connection
};

PlainLane::PlainLane(const ClientOptions& options, int epoll) : options_(options), epoll_(epoll) {}

PlainLane::~PlainLane() = default;

std::optional<sockaddr_in> PlainLane::find_way(const std::string& url, std::string_view& front) const {
  const auto origin = parse_origin(url);
  if (!origin || origin->scheme != "http" || origin->userinfo) return std::nullopt;
  const bool direct = origin->loopback() ? !options_.proxy_for_loopback : !proxy_is_named();
  if (!direct) return std::nullopt;
  const auto slash = url.find('/', url.find("//") + 2);
  if (slash == std::string::npos) return std::nullopt;
  front = std::string_view(url).substr(0, slash + 1);
  // A name that is not written as it is compared is left alone.
  if (front != fmt::format("http://{}/", origin->authority())) return std::nullopt;
  if (options_.connect_to.empty()) return address_of(origin->host, origin->port);
  const auto colon = options_.connect_to.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  return address_of(options_.connect_to.substr(0, colon), std::string_view(options_.connect_to).substr(colon + 1));
}

std::optional<sockaddr_in> PlainLane::way(const WireRequest& request) {
  const bool fits = request.method == "GET" && !request.has_body && (!request.into || request.room != nullptr) &&
                    options_.version != Version::kHttp2;
  if (!fits || request.url.size() < 8) return std::nullopt;
  if (last_front_.empty() || !request.url.starts_with(last_front_)) {
    std::string_view front;
    last_way_ = find_way(request.url, front);
    last_front_ = front;
  }
  // Once too many were odd to remember, nobody is trusted.
  if (!last_way_ || odd_.size() >= kMostOdd || odd_.contains(key_of(*last_way_))) return std::nullopt;
  return last_way_;
}

PlainLane::Run* PlainLane::free_run(const sockaddr_in& peer) {
  // The one used last: its connection is the freshest.
  auto freshest = idle_ | std::views::reverse;
  auto found = std::ranges::find_if(freshest,
                                    [&peer](const Run* run) { return key_of(run->connection.peer()) == key_of(peer); });
  if (found == freshest.end()) {
    if (runs_.size() < most_) {
      runs_.push_back(std::make_unique<Run>(epoll_, kMark | runs_.size(), peer));
      return runs_.back().get();
    }
    if (idle_.empty()) return nullptr;
    // Of the others' the one that has been idle for longest.
    found = std::prev(freshest.end());
    (*found)->connection.turn_to(peer);
  }
  auto* run = *found;
  idle_.erase(std::next(found).base());
  return run;
}

void PlainLane::launch(WireRequest request, Landed landed, const sockaddr_in& peer) {
  if (auto* run = free_run(peer)) return send(*run, std::move(request), std::move(landed));
  waiting_.push_back({std::move(request), std::move(landed), peer});
}

void PlainLane::send(Run& run, WireRequest request, Landed landed) {
  run.request = std::move(request);
  run.landed = std::move(landed);
  run.transfer = std::make_unique<Transfer>(options_, run.request);
  const auto& asked = run.request;
  take(run, run.connection.send(request_text(asked, options_.user_agent),
                                {static_cast<std::size_t>(asked.max_body), asked.room, asked.max_passed}));
}

void PlainLane::resume() {
  for (auto* run : std::exchange(unread_, {})) {
    // An event may have come in between.
    if (run->transfer && run->connection.unread()) take(*run, run->connection.resume());
  }
}

void PlainLane::ready(std::uint64_t name, std::uint32_t events) {
  auto& run = *runs_.at(static_cast<std::size_t>(name & ~kMark));
  take(run, run.connection.ready(events));
}

void PlainLane::take(Run& run, PlainConnection::State state) {
  using State = PlainConnection::State;
  if (state == State::kMore) {
    if (run.connection.unread()) unread_.push_back(&run);
    return;
  }
  if (state == State::kWhole && keeps_limits(run.connection.answer())) return land(run, whole(run), true);
  const auto host = authority(run.request.url);
  const auto end = [&](ErrorKind kind, std::string message, bool again = false) {
    land(run, failed(run, {kind, std::move(message)}), false, again);
  };
  const auto invalid = [&](std::string_view what, bool again = false) {
    end(ErrorKind::kProtocol, fmt::format("no valid HTTP exchange with {}: {}", host, what), again);
  };
  if (state == State::kCut) return invalid("the connection ended within the answer");
  if (state == State::kStopped) {
    return end(ErrorKind::kAbandoned, fmt::format("no more was wanted of what {} sent", host));
  }
  if (state == State::kLost) {
    // A kept connection may close just as it is used again (RFC 9112, section 9.3.1), and only that.
    if (run.connection.reused() || run.connection.connected()) {
      return invalid("the connection ended before the answer", run.connection.reused());
    }
    // libcurl knows how to say it, or of another address.
    leave_out(run.connection.peer());
    return land(run, std::nullopt, false);
  }
  // What has gone to its destination cannot be asked for again.
  if (run.connection.answer().streamed() > 0) {
    if (state == State::kOdd) return invalid("what followed is no HTTP");
    const auto what = state == State::kTooMuch ? fmt::format("a body of more than {} bytes", run.request.max_passed)
                                               : std::string("too many header lines");
    return end(ErrorKind::kTooLarge, fmt::format("{} from {}", what, host));
  }
  // One body that is larger than it should be says nothing of the others.
  if (state != State::kTooMuch || run.request.room == nullptr) leave_out(run.connection.peer());
  invalid("its answer is left to libcurl, which asks again", true);
}

void PlainLane::leave_out(const sockaddr_in& peer) {
  if (odd_.size() < kMostOdd) odd_.insert(key_of(peer));
}

bool PlainLane::keeps_limits(const AnswerParser& answer) const {
  const auto fields = answer.fields();
  return fields.size() <= options_.max_header_bytes &&
         std::cmp_less_equal(std::ranges::count(fields, '\n'), Transfer::kMaxHeaderLines);
}

void PlainLane::land(Run& run, std::optional<WireResult> result, bool whole, bool again) {
  run.connection.rest(whole);
  run.transfer.reset();
  landings_.push_back({std::move(run.request), std::move(run.landed), std::move(result), again});
  idle_.push_back(&run);
  if (waiting_.empty()) return;
  auto waiting = std::move(waiting_.front());
  waiting_.pop_front();
  launch(std::move(waiting.request), std::move(waiting.landed), waiting.peer);
}

WireResult PlainLane::whole(const Run& run) const {
  WireResult result = seen(run);
  result.response.body = run.connection.answer().body();
  result.response.body_bytes += result.response.body.size();
  return result;
}

WireResult PlainLane::failed(const Run& run, Error error) const {
  WireResult result = seen(run);
  result.error = std::move(error);
  result.error->spoke_http = result.response.status != 0;
  return result;
}

WireResult PlainLane::seen(const Run& run) const {
  const auto started = run.transfer->started();
  const auto now = steady_clock::now();
  WireResult result;
  auto& response = result.response;
  response.url = run.request.url;
  if (const auto& answer = run.connection.answer(); answer.head_is_whole()) {
    response.status = answer.status();
    read_fields(answer.fields(), response.headers);
    response.version = answer.minor_version() == '0' ? "1.0" : "1.1";
    response.body_bytes = answer.streamed();
  }
  if (options_.sink) result.request_headers = run.request.headers;
  result.total_seconds = lasted(now - started);
  result.started = duration<double>(system_clock::now().time_since_epoch()).count() - result.total_seconds;
  result.reused_connection = run.connection.reused();
  if (const auto up = run.connection.connected()) result.connect_seconds = lasted(*up - started);
  if (const auto first = run.connection.first_byte()) result.first_byte_seconds = lasted(*first - started);
  return result;
}

std::optional<Error> PlainLane::late(Run& run, Instant now, bool cancelled) const {
  const auto& connection = run.connection;
  const auto host = authority(run.request.url);
  if (connection.reused() || connection.connected()) {
    run.transfer->progressed(connection.first_byte(), connection.last_byte());
  } else if (now >= run.transfer->started() + options_.connect_timeout) {
    return Error{ErrorKind::kConnect, fmt::format("cannot connect to {}: nothing came of it in {} ms", host,
                                                  options_.connect_timeout.count())};
  }
  if (const auto why = run.transfer->expired(now); !why.empty()) {
    return Error{ErrorKind::kTimeout, fmt::format("{} {}", why, host)};
  }
  if (!cancelled) return std::nullopt;
  return Error{ErrorKind::kTimeout, fmt::format("cancelled during the exchange with {}", host)};
}

void PlainLane::expire(Instant now, bool cancelled) {
  // What waits has no connection: it is sent as the others end, and ends with them.
  for (const auto& run : runs_) {
    if (!run->transfer) continue;
    if (auto error = late(*run, now, cancelled)) land(*run, failed(*run, std::move(*error)), false);
  }
}

std::vector<PlainLane::Landing> PlainLane::take_landings() {
  return std::exchange(landings_, {});
}

}  // namespace referee::http
