#include "referee/oci/digest.hpp"

namespace referee::oci {
namespace {

constexpr std::size_t kAlgorithmLimit = 32;
constexpr std::size_t kEncodedLimit = 64;

// Not std::isalnum: a tag is ASCII whatever the locale.
bool allowed_in_tag(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

}  // namespace

std::string referrers_tag(std::string_view digest) {
  const std::size_t colon = digest.find(':');
  const std::string_view algorithm = digest.substr(0, colon);
  const std::string_view encoded = colon == std::string_view::npos ? std::string_view() : digest.substr(colon + 1);
  std::string tag(algorithm.substr(0, kAlgorithmLimit));
  tag += '-';
  tag += encoded.substr(0, kEncodedLimit);
  for (char& c : tag) {
    if (!allowed_in_tag(c)) c = '-';
  }
  return tag;
}

}  // namespace referee::oci
