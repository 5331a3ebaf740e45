#include "transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "trim.hpp"

namespace referee::http {
namespace {

using std::chrono::steady_clock;

int status_of(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  int status = 0;
  for (const char c : line.substr(space + 1, 3)) {
    if (c < '0' || c > '9') break;
    status = status * 10 + (c - '0');
  }
  return status;
}

/// Everything before the last @ goes: a password may hold any byte.
std::string without_user(std::string_view proxy) {
  const auto scheme = proxy.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto at = proxy.rfind('@');
  if (at == std::string_view::npos || at < begin) return std::string(proxy);
  return fmt::format("{}{}", proxy.substr(0, begin), proxy.substr(at + 1));
}

}  // namespace

Transfer::Transfer(const ClientOptions& options, const WireRequest& request)
    : options_(options), request_(request), started_(steady_clock::now()), last_activity_(started_) {}

void Transfer::attach(CURL* easy, Observe observe) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
  if (observe == Observe::kAnswer) return;
  // The debug callback is the only way to see the request headers that really went out.
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

void Transfer::alive() {
  last_activity_ = steady_clock::now();
}

void Transfer::connected(Instant now) {
  if (connected_) return;
  connected_ = true;
  last_activity_ = std::max(last_activity_, now);
}

void Transfer::progressed(std::optional<Instant> first_byte, Instant last) {
  connected_ = true;
  first_byte_ = first_byte;
  last_activity_ = last;
}

std::chrono::milliseconds Transfer::total_timeout() const {
  return options_.total_timeout + request_.more_time;
}

Transfer::Instant Transfer::next_limit() const {
  Instant limit = started_ + total_timeout();
  if (request_.deadline) limit = std::min(limit, *request_.deadline);
  if (!connected_) return limit;  // connecting has libcurl's own limit
  const bool waiting = !first_byte_ && offset_ >= request_.body.size();
  return std::min(limit, last_activity_ + (waiting ? options_.first_byte_timeout : options_.silence_timeout));
}

std::string Transfer::expired(Instant now) const {
  if (request_.deadline && now >= *request_.deadline)
    return "the deadline of the check passed during the exchange with";
  if (now >= started_ + total_timeout()) {
    return fmt::format("the exchange took longer than {} ms with", total_timeout().count());
  }
  if (now < next_limit()) return "";
  if (first_byte_) return fmt::format("silence of {} ms in the response of", options_.silence_timeout.count());
  if (offset_ < request_.body.size()) {
    return fmt::format("the request body was not read for {} ms by", options_.silence_timeout.count());
  }
  return fmt::format("no response within {} ms from", options_.first_byte_timeout.count());
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t length = size * count;
  return static_cast<Transfer*>(self)->header_line(std::string_view(data, length)) ? length : 0;
}

bool Transfer::header_line(std::string_view line) {
  alive();
  if (!first_byte_) first_byte_ = last_activity_;
  header_bytes_ += line.size();
  if (header_bytes_ > options_.max_header_bytes) {
    too_large_ = fmt::format("more than {} bytes of headers", options_.max_header_bytes);
    return false;
  }
  if (++header_lines_ > kMaxHeaderLines) {
    too_large_ = fmt::format("more than {} header lines", kMaxHeaderLines);
    return false;
  }
  const bool interim = response_.status >= 100 && response_.status < 200;
  if (line.starts_with("HTTP/") && (response_.status == 0 || (headers_complete_ && interim))) {
    response_.status = status_of(line);
    fields_.clear();
    headers_complete_ = false;
    return true;
  }
  if (headers_complete_) return true;  // trailers are counted, not kept
  if (trim(line).empty()) {
    headers_complete_ = true;
    return true;
  }
  if ((line.front() == ' ' || line.front() == '\t') && !fields_.empty()) {  // obsolete line folding
    fields_.back().second += " " + std::string(trim(line));
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  fields_.emplace_back(std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  return true;
}

Response Transfer::take_response() {
  for (auto& [name, value] : fields_) response_.headers.add(std::move(name), std::move(value));
  fields_.clear();
  return std::move(response_);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t length = size * count;
  // Any other number than length ends the transfer.
  return static_cast<Transfer*>(self)->take_body(std::string_view(data, length)) ? length : length + 1;
}

bool Transfer::take_body(std::string_view piece) {
  alive();
  const bool streams = request_.into && response_.status >= 200 && response_.status < 300;
  const auto most = streams ? request_.max_passed : request_.max_body;
  const auto room = most - response_.body_bytes;
  const bool fits = piece.size() <= room;
  if (!fits) {
    too_large_ = fmt::format("a body of more than {} bytes", most);
    piece = piece.substr(0, static_cast<std::size_t>(room));
  }
  response_.body_bytes += piece.size();
  if (!streams) {
    response_.body.append(piece);
  } else if (!request_.into(piece)) {
    abandoned_ = true;
  }
  return fits && !abandoned_;
}

std::size_t Transfer::on_read(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.alive();
  const auto& body = transfer.request_.body;
  const auto offset = static_cast<std::size_t>(transfer.offset_);
  const std::size_t length = std::min(size * count, body.size() - offset);
  if (length > 0) body.copy(data, length, offset);
  transfer.offset_ += length;
  return length;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (origin != SEEK_SET || offset < 0 || static_cast<std::uint64_t>(offset) > transfer.request_.body.size()) {
    return CURL_SEEKFUNC_CANTSEEK;
  }
  transfer.offset_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int Transfer::on_debug(CURL* /*easy*/, curl_infotype type, char* data, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (type == CURLINFO_HEADER_OUT) transfer.sent_headers(std::string_view(data, size));
  if (type == CURLINFO_DATA_OUT) transfer.alive();
  if (type == CURLINFO_TEXT) transfer.note(std::string_view(data, size));
  return 0;
}

void Transfer::note(std::string_view text) {
  // libcurl has no other way to tell which proxy its reading of the environment came to.
  constexpr std::string_view kUses = "Uses proxy env variable ";
  constexpr std::string_view kIs = " == '";
  text = trim(text);
  if (!text.starts_with(kUses) || !text.ends_with('\'')) return;
  text.remove_prefix(kUses.size());
  text.remove_suffix(1);
  const auto is = text.find(kIs);
  if (is == std::string_view::npos || iequals(text.substr(0, is), "no_proxy")) return;
  proxy_variable_ = text.substr(0, is);
  proxy_ = text.substr(is + kIs.size());
}

std::string Transfer::peer(std::string_view authority) const {
  if (proxy_.empty()) return std::string(authority);
  return fmt::format("{} through the proxy {} ({})", authority, without_user(proxy_), proxy_variable_);
}

std::string Transfer::without_proxy_credentials(std::string text) const {
  if (proxy_.empty()) return text;
  const std::string clean = without_user(proxy_);
  if (clean == proxy_) return text;
  for (auto at = text.find(proxy_); at != std::string::npos; at = text.find(proxy_, at + clean.size())) {
    text.replace(at, proxy_.size(), clean);
  }
  return text;
}

void Transfer::sent_headers(std::string_view text) {
  alive();
  if (text.starts_with("CONNECT ")) return;  // for the proxy
  if (text.starts_with(request_.method + " ")) {
    request_headers_ = {};  // libcurl may send again on a fresh connection
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    request_headers_.add(std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
  }
}

}  // namespace referee::http
