#include "referee/oci/base64.hpp"

#include <cstdint>

namespace referee::oci {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t octet(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) : 0;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = (octet(bytes, i) << 16U) | (octet(bytes, i + 1) << 8U) | octet(bytes, i + 2);
    text.push_back(kAlphabet[(group >> 18U) & 63U]);
    text.push_back(kAlphabet[(group >> 12U) & 63U]);
    text.push_back(i + 1 < bytes.size() ? kAlphabet[(group >> 6U) & 63U] : '=');
    text.push_back(i + 2 < bytes.size() ? kAlphabet[group & 63U] : '=');
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t value = 0;
    if (i + padding < text.size()) {
      value = kAlphabet.find(text[i]);
      if (value == std::string_view::npos) return std::nullopt;
    }
    group = (group << 6U) | static_cast<std::uint32_t>(value);
    if (i % 4 != 3) continue;
    for (const unsigned shift : {16U, 8U, 0U}) bytes.push_back(static_cast<char>((group >> shift) & 0xffU));
    group = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace referee::oci
