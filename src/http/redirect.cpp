#include "redirect.hpp"

#include <fmt/format.h>

#include "referee/http/url.hpp"

namespace referee::http {

bool is_redirect(const Response& response) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return response.headers.has("Location");
    default:
      return false;
  }
}

tl::expected<WireRequest, Error> follow(const WireRequest& request, const Response& response) {
  const auto from = parse_origin(request.url);
  const auto target = without_userinfo(resolve(request.url, response.header("Location").value_or("")));
  const auto to = parse_origin(target);
  const auto host = authority(request.url);
  const auto scheme = target.substr(0, target.find(':'));
  if (!iequals(scheme, "http") && !iequals(scheme, "https")) {
    return tl::unexpected(
        Error{ErrorKind::kRedirect, fmt::format("{} redirects to a scheme other than http and https", host)});
  }
  if (!to || !from || to->userinfo) {
    return tl::unexpected(Error{ErrorKind::kProtocol, fmt::format("{} redirects to a Location that is no URL", host)});
  }
  WireRequest next = request;
  next.url = target;
  if (!from->same(*to)) {
    for (const auto* name : {"Authorization", "Proxy-Authorization", "Cookie", "X-Registry-Auth", "Host"}) {
      next.headers.remove(name);
    }
  }
  if (response.status == 303 && request.method != "HEAD" && request.method != "GET") {
    next.method = "GET";
    next.body.clear();
    next.has_body = false;
    next.chunked = false;
    next.claimed_length.reset();
    for (const auto* name : {"Content-Type", "Content-Length", "Content-Range", "Content-Encoding"}) {
      next.headers.remove(name);
    }
  }
  return next;
}

}  // namespace referee::http
