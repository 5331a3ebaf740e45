#include "response_head.hpp"

#include <array>
#include <ctime>

namespace referee::registry {

namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return "Unknown";
  }
}

/// RFC 9110, 5.6.7. Made once a second on each thread.
const std::string& date() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  if (const auto now = std::time(nullptr); now != made) {
    std::tm parts{};
    (void)gmtime_r(&now, &parts);
    std::array<char, 40> buffer{};
    const auto size = std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text.assign(buffer.data(), size);
    made = now;
  }
  return text;
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  // A value may quote the request: it must not be able to end the line.
  for (const char c : value) head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  head.append("\r\n");
}

}  // namespace

bool is_bodyless(int status) {
  return status < 200 || status == 204 || status == 304;
}

std::string response_head(const Response& response, bool head_request, bool close) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.reserve(512);
  head.append(reason(response.status)).append("\r\n");
  if (!response.headers.has("Date")) add(head, "Date", date());
  add(head, "Server", "Referee");
  for (const auto& [name, value] : response.headers) add(head, name, value);
  if (!is_bodyless(response.status) && !response.headers.has("Content-Length")) {
    if (response.framing == Framing::kContentLength) {
      add(head, "Content-Length", std::to_string(response.body_size()));
    } else if (response.framing == Framing::kChunked && !head_request) {
      add(head, "Transfer-Encoding", "chunked");
    }
  }
  if (close) add(head, "Connection", "close");
  head.append("\r\n");
  return head;
}

}  // namespace referee::registry
