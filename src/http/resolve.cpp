#include <optional>

#include "referee/http/url.hpp"

namespace referee::http {
namespace {

/// The five components of RFC 3986, appendix B.
struct Parts {
  std::optional<std::string> scheme;
  std::optional<std::string> authority;
  std::string path;
  std::optional<std::string> query;
  std::optional<std::string> fragment;
};

bool is_scheme(std::string_view text) {
  if (text.empty()) return false;
  const auto alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!alpha(text.front())) return false;
  for (const char c : text) {
    if (!alpha(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

Parts split(std::string_view text) {
  Parts parts;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    parts.fragment = std::string(text.substr(hash + 1));
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = std::string(text.substr(mark + 1));
    text = text.substr(0, mark);
  }
  if (const auto colon = text.find(':'); colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    parts.scheme = std::string(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const auto slash = text.find('/');
    parts.authority = std::string(text.substr(0, slash));
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  }
  parts.path = std::string(text);
  return parts;
}

/// Section 5.2.4.
std::string remove_dot_segments(std::string_view input) {
  std::string output;
  while (!input.empty()) {
    if (input.starts_with("../")) {
      input.remove_prefix(3);
    } else if (input.starts_with("./") || input.starts_with("/./")) {
      input.remove_prefix(2);
    } else if (input == "/.") {
      input = "/";
    } else if (input.starts_with("/../") || input == "/..") {
      input = input.size() == 3 ? std::string_view("/") : input.substr(3);
      const auto slash = output.rfind('/');
      output.erase(slash == std::string::npos ? 0 : slash);
    } else if (input == "." || input == "..") {
      input = {};
    } else {
      const auto end = input.find('/', 1);
      output += input.substr(0, end);
      input = end == std::string_view::npos ? std::string_view() : input.substr(end);
    }
  }
  return output;
}

/// Section 5.2.3.
std::string merge(const Parts& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  const auto slash = base.path.rfind('/');
  return slash == std::string::npos ? path : base.path.substr(0, slash + 1) + path;
}

std::string join(const Parts& parts) {
  std::string text;
  if (parts.scheme) text += *parts.scheme + ":";
  if (parts.authority) text += "//" + *parts.authority;
  text += parts.path;
  if (parts.query) text += "?" + *parts.query;
  if (parts.fragment) text += "#" + *parts.fragment;
  return text;
}

}  // namespace

// Section 5.2.2. Written out because libcurl's own resolution keeps no empty query and differs from the RFC's examples.
std::string resolve(std::string_view base_text, std::string_view reference) {
  const Parts base = split(base_text);
  Parts target = split(reference);
  if (target.scheme) {
    target.path = remove_dot_segments(target.path);
    return join(target);
  }
  target.scheme = base.scheme;
  if (target.authority) {
    target.path = remove_dot_segments(target.path);
    return join(target);
  }
  target.authority = base.authority;
  if (target.path.empty()) {
    target.path = base.path;
    if (!target.query) target.query = base.query;
  } else {
    target.path = remove_dot_segments(target.path.starts_with('/') ? target.path : merge(base, target.path));
  }
  return join(target);
}

}  // namespace referee::http
