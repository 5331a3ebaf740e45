#include "redactor.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include "encoding.hpp"
#include "referee/http/message.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/base64.hpp"

namespace referee::http {
namespace {

bool secret_parameter(std::string_view name) {
  constexpr std::array<std::string_view, 13> kNames = {
      "token",     "access_token", "refresh_token",  "id_token", "identity_token", "password",     "passwd",
      "signature", "sig",          "awsaccesskeyid", "secret",   "client_secret",  "authorization"};
  constexpr std::array<std::string_view, 2> kPrefixes = {"x-amz-", "x-goog-"};
  const auto equal = [name](std::string_view known) { return iequals(name, known); };
  const auto begins = [name](std::string_view known) { return iequals(name.substr(0, known.size()), known); };
  return std::ranges::any_of(kNames, equal) || std::ranges::any_of(kPrefixes, begins);
}

bool secret_header(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"Authorization", "Proxy-Authorization", "Cookie",
                                                      "Set-Cookie",    "X-Registry-Auth",     "X-Auth-Token"};
  return std::ranges::any_of(kNames, [name](std::string_view known) { return iequals(name, known); });
}

/// `scheme://user:password@host`: what stands before the @ goes.
std::string without_users(std::string_view text) {
  std::string clean;
  while (true) {
    const auto start = text.find("://");
    if (start == std::string_view::npos) break;
    clean += text.substr(0, start + 3);
    text.remove_prefix(start + 3);
    const auto end = std::min(text.find_first_of("/?# \t\r\n\"'<>\\"), text.size());
    const auto at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos) continue;
    clean += Redactor::kMark;
    text.remove_prefix(at);
  }
  return clean + std::string(text);
}

/// `?token=...` and `&token=...` anywhere in the text.
std::string without_parameters(std::string_view text) {
  std::string clean;
  while (true) {
    const auto mark = text.find_first_of("?&");
    if (mark == std::string_view::npos) break;
    clean += text.substr(0, mark + 1);
    text.remove_prefix(mark + 1);
    const auto equals = text.find_first_of("=?& \t\r\n\"'<>#");
    if (equals == std::string_view::npos || text[equals] != '=' || !secret_parameter(text.substr(0, equals))) continue;
    clean += text.substr(0, equals + 1);
    clean += Redactor::kMark;
    text.remove_prefix(std::min(text.find_first_of("& \t\r\n\"'<>#\\", equals), text.size()));
  }
  return clean + std::string(text);
}

}  // namespace

void Redactor::add_secret(std::string_view secret) {
  if (secret.size() < kShortest) return;
  const std::unique_lock lock(mutex_);
  for (const auto& form : {std::string(secret), percent_encode(secret)}) {
    if (!secrets_.insert(form).second) continue;
    order_.push_back(form);
    longest_ = std::max(longest_, form.size());
    if (order_.size() > kMostSecrets) {
      secrets_.erase(order_.front());
      order_.pop_front();
    }
  }
}

void Redactor::add_credential(const Credential& credential) {
  add_secret(credential.password);
  add_secret(credential.identity_token);
  if (credential.password.empty()) return;
  std::string pair = oci::base64_encode(credential.username + ":" + credential.password);
  pair.erase(std::min(pair.find('='), pair.size()));
  add_secret(pair);
}

std::string Redactor::secrets(std::string_view text) const {
  std::string clean(text);
  const std::shared_lock lock(mutex_);
  // Longest first, so that a secret that holds another one goes as a whole.
  std::vector<std::string_view> found;
  for (const auto& secret : secrets_) {
    if (clean.find(secret) != std::string::npos) found.push_back(secret);
  }
  std::ranges::sort(found, [](auto a, auto b) { return a.size() > b.size(); });
  for (const auto secret : found) {
    for (auto at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + kMark.size())) {
      clean.replace(at, secret.size(), kMark);
    }
  }
  return clean;
}

std::string Redactor::text(std::string_view input) const {
  return without_parameters(without_users(secrets(input)));
}

std::string Redactor::header(std::string_view name, std::string_view value) const {
  if (!secret_header(name)) return text(value);
  if (iequals(name, "Authorization")) {
    const auto scheme = value.substr(0, value.find(' '));
    if (iequals(scheme, "Basic") || iequals(scheme, "Bearer")) return std::string(scheme) + " " + std::string(kMark);
  }
  return std::string(kMark);
}

std::size_t Redactor::longest() const {
  const std::shared_lock lock(mutex_);
  return longest_;
}

}  // namespace referee::http
