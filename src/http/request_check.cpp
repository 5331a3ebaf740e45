#include "request_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "origin.hpp"
#include "scanner.hpp"

namespace referee::http {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool breaks_line(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

std::optional<Error> check_request(const Request& request) {
  const auto usage = [](std::string message) { return Error{ErrorKind::kUsage, std::move(message)}; };
  const auto origin = parse_origin(request.url);
  if (!origin) return usage("the URL is not absolute or holds a character that no URL may hold");
  if (origin->scheme != "http" && origin->scheme != "https") return usage("the URL's scheme is not http or https");
  if (origin->userinfo)
    return usage("the URL carries a user name or password: give credentials by file or environment");
  if (!is_token(request.method)) return usage("the method is not a token");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return usage("a header name is not a token");
    if (breaks_line(value)) return usage(fmt::format("the value of {} holds a line break or NUL", name));
  }
  return std::nullopt;
}

}  // namespace referee::http
