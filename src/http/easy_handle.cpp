#include "easy_handle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "origin.hpp"
#include "referee/http/url.hpp"
#include "wire_error.hpp"

namespace referee::http {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;
using std::chrono::system_clock;

std::string version_of(CURL* easy) {
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

long http_version(Version version, bool secure) {
  switch (version) {
    case Version::kHttp1:
      return CURL_HTTP_VERSION_1_1;
    case Version::kHttp2:
      return secure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    case Version::kAuto:
      break;
  }
  return CURL_HTTP_VERSION_2TLS;
}

/// libcurl 7.88 cannot use a plain HTTP/2 connection a second time: it ends in "Error in the HTTP2 framing layer". Over
/// TLS it can.
bool plain_http2_is_single_use() {
  constexpr unsigned kBroken = 0x075800;
  constexpr unsigned kFixed = 0x080000;
  static const unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
  return version >= kBroken && version < kFixed;
}

/// A response whose body is not as long as its Content-Length says, or whose Content-Length is no number or two
/// numbers.
bool length_mismatch(const WireRequest& request, const Response& response) {
  if (request.method == "HEAD" || response.status == 204 || response.status == 304) return false;
  if (response.headers.has("Transfer-Encoding")) return false;
  const auto all = response.headers.all("Content-Length");
  const std::string actual = std::to_string(response.body_bytes);
  return std::ranges::any_of(all, [&actual](const std::string& claimed) {
    const auto digits = claimed.find_first_not_of('0');
    return (digits == std::string::npos ? "0" : claimed.substr(digits)) != actual;
  });
}

bool transport_died(CURLcode code) {
  return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
}

/// libcurl's own 16 KiB make a large blob a third slower.
constexpr long kStreamBuffer = 256L * 1024;

/// Seconds that a connection may have been idle for a request that cannot be sent again: servers that close idle ones
/// do so later.
constexpr long kFreshEnough = 3;

double in_seconds(steady_clock::duration time) {
  return duration<double>(time).count();
}

}  // namespace

EasyHandle::EasyHandle(const ClientOptions& options) : options_(options), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
}

void EasyHandle::configure(const WireRequest& request, bool fresh) {
  CURL* easy = easy_.get();
  lost_ = false;
  attempts_ = 0;
  // A server that goes away refuses whole flights over HTTP/2, unseen.
  may_repeat_ = is_safe(request.method) && http2_peers_.contains(authority(request.url));
  curl_easy_reset(easy);  // keeps connections, names and TLS sessions
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // malformed paths are sent as they are
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a time-out does not wait for a slow name server
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  const bool secure = iequals(request.url.substr(0, 6), "https:");
  demands_plain_http2_ = options_.version == Version::kHttp2 && !secure;
  const bool single_use = demands_plain_http2_ && plain_http2_is_single_use();
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, http_version(options_.version, secure));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, request.claimed_length || single_use ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail_.data());
  detail_.front() = '\0';
  if (!options_.connect_to.empty()) {
    if (!connect_to_) connect_to_.reset(curl_slist_append(nullptr, ("::" + options_.connect_to).c_str()));
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to_.get());
  }
  if (request.into) curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kStreamBuffer);
  if (!is_safe(request.method)) curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, kFreshEnough);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &EasyHandle::before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  configure_tls();
  configure_proxy(request.url);
  configure_body(request);
}

int EasyHandle::before_request(void* self, char* /*address*/, char* /*local_address*/, int /*port*/,
                               int /*local_port*/) {
  auto& handle = *static_cast<EasyHandle*>(self);
  // What got no answer on a reused connection libcurl would send again, without a word and whatever it is.
  return ++handle.attempts_ > 1 && !handle.may_repeat_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void EasyHandle::configure_proxy(const std::string& url) {
  // libcurl would obey http_proxy here, too; Go's and docker's clients do not, and no proxy reaches this machine's own
  // loopback.
  if (options_.proxy_for_loopback || !parse_origin(url).value_or(Origin{}).loopback()) return;
  curl_easy_setopt(easy_.get(), CURLOPT_PROXY, "");
}

void EasyHandle::configure_tls() {
  CURL* easy = easy_.get();
  const TlsOptions& tls = options_.tls;
  if (!tls.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, tls.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // that file and nothing else
  }
  if (!tls.client_certificate.empty()) curl_easy_setopt(easy, CURLOPT_SSLCERT, tls.client_certificate.c_str());
  if (!tls.client_key.empty()) curl_easy_setopt(easy, CURLOPT_SSLKEY, tls.client_key.c_str());
  if (tls.insecure) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

void EasyHandle::configure_body(const WireRequest& request) {
  CURL* easy = easy_.get();
  curl_slist* list = nullptr;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer != nullptr) list = longer;
  };
  for (const auto& [name, value] : request.headers)
    append(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.has_body) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    append("Expect:");
    const auto size = static_cast<curl_off_t>(request.body.size());
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, request.chunked ? curl_off_t{-1} : size);
    if (request.chunked) append("Transfer-Encoding: chunked");
    // libcurl sends what the read callback gives, whatever the header says, and then waits for the response.
    if (request.claimed_length) append(fmt::format("Content-Length: {}", *request.claimed_length));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  headers_.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

Error EasyHandle::failure(CURLcode code, const Transfer& transfer, std::string_view authority) {
  long connects = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects);
  const bool refused_to_repeat = code == CURLE_ABORTED_BY_CALLBACK && attempts_ > 1;
  lost_ = !transfer.answered() && (refused_to_repeat || (transport_died(code) && connects == 0));
  if (lost_) return {ErrorKind::kProtocol, fmt::format("{} closed the connection without an answer", authority)};
  Error error = wire_error(code, detail_.data(), transfer, authority);
  if (error.kind == ErrorKind::kProtocol) error.message += doubt(transfer);
  return error;
}

std::string_view EasyHandle::doubt(const Transfer& transfer) const {
  if (!demands_plain_http2_ || transfer.answered()) return "";
  return " (clear-text HTTP/2 was demanded of it, which few servers speak)";
}

WireResult EasyHandle::finish(Transfer& transfer, const WireRequest& request, std::optional<Error> error) {
  CURL* easy = easy_.get();
  WireResult result;
  result.error = std::move(error);
  const auto taken = steady_clock::now() - transfer.started();
  result.total_seconds = in_seconds(taken);
  result.started = duration<double>(system_clock::now().time_since_epoch()).count() - result.total_seconds;
  if (const auto first = transfer.first_byte()) result.first_byte_seconds = in_seconds(*first - transfer.started());
  long connects = 0;
  curl_off_t tcp = 0;
  curl_off_t tls = 0;
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
  curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &tcp);
  curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls);
  result.reused_connection = connects == 0;
  if (connects > 0) result.connect_seconds = static_cast<double>(std::max(tcp, tls)) / 1e6;
  result.response = transfer.take_response();
  result.response.url = request.url;
  result.response.version = version_of(easy);
  result.lost = lost_;
  constexpr std::size_t kMostPeers = 64;
  if (result.response.version == "2" && http2_peers_.size() < kMostPeers) http2_peers_.insert(authority(request.url));
  if (!result.error && length_mismatch(request, result.response)) {
    result.error = Error{ErrorKind::kProtocol, fmt::format("the Content-Length of {} does not fit its body of {} bytes",
                                                           authority(request.url), result.response.body_bytes)};
  }
  if (result.error) result.error->spoke_http = result.response.status != 0;
  result.request_headers = transfer.take_request_headers();
  result.request_bytes = transfer.sent();
  return result;
}

std::optional<Error> EasyHandle::outcome(CURLcode code, const Transfer& transfer, std::string_view authority) {
  if (code != CURLE_OK) return failure(code, transfer, authority);
  if (transfer.headers_complete()) return std::nullopt;
  return Error{ErrorKind::kProtocol, fmt::format("no valid HTTP exchange with {}: the headers never ended", authority)};
}

void EasyHandle::watch_connection(Transfer& transfer, steady_clock::time_point now) const {
  curl_off_t ready = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  if (ready > 0) transfer.connected(now);
}

}  // namespace referee::http
