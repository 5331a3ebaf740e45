#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "referee/http/exchange.hpp"

namespace referee::http {

std::string shell_quoted(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string shell_word(std::string_view text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("-_./:@%+=").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string clean(text);
  std::erase_if(clean, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return shell_quoted(clean);
}

namespace {

/// Fields that curl writes itself.
bool own_field(const Exchange& exchange, std::string_view name, std::string_view value) {
  if (iequals(name, "Host") || iequals(name, "User-Agent")) return true;
  if (iequals(name, "Accept")) return value == "*/*";
  return iequals(name, "Content-Length") && value == std::to_string(exchange.request_size);
}

std::string field(std::string_view name, std::string_view value) {
  if (iequals(name, "Authorization")) {
    return std::string(value.starts_with("Basic") ? kCurlBasic : kCurlBearer);
  }
  return " -H " + shell_quoted(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
}

}  // namespace

std::string curl_command(const Exchange& exchange) {
  std::string command = "curl -i --path-as-is";
  command += exchange.method == "HEAD" ? " --head" : " -X " + shell_quoted(exchange.method);
  for (const auto& [name, value] : exchange.request_headers) {
    if (!own_field(exchange, name, value)) command += field(name, value);
  }
  const bool body = exchange.request_size > 0 || exchange.request_headers.has("Content-Length") ||
                    exchange.request_headers.has("Transfer-Encoding");
  if (body) {
    if (!exchange.request_headers.has("Content-Type")) command += " -H 'Content-Type:'";
    // Only a body that was recorded whole can be repeated from here; --data-raw gives no meaning to a leading @.
    command += exchange.request_body.size() == exchange.request_size
                   ? " --data-raw " + shell_quoted(exchange.request_body)
                   : fmt::format(" --data-binary @BODY-OF-{}-BYTES", exchange.request_size);
  }
  return command + " " + shell_quoted(exchange.url);
}

}  // namespace referee::http
