#include "referee/oci/base64.hpp"

#include <array>
#include <cstdint>

namespace referee::oci {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNone = 0xff;
constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t value = 0; value < kAlphabet.size(); ++value) {
    values.at(static_cast<unsigned char>(kAlphabet[value])) = static_cast<std::uint8_t>(value);
  }
  return values;
}();

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
  const std::string_view digits = text.substr(0, text.size() - padding);
  const auto value = [&](std::size_t at) {
    return at < digits.size() ? kValues[static_cast<unsigned char>(digits[at])] : std::uint8_t{0};
  };
  std::string bytes(text.size() / 4 * 3, '\0');
  std::uint8_t wrong = 0;
  for (std::size_t in = 0, out = 0; in < text.size(); in += 4, out += 3) {
    const std::uint8_t parts[] = {value(in), value(in + 1), value(in + 2), value(in + 3)};
    // No digit has the highest bit.
    wrong |= parts[0] | parts[1] | parts[2] | parts[3];
    const std::uint32_t group = (std::uint32_t{parts[0]} << 18U) | (std::uint32_t{parts[1]} << 12U) |
                                (std::uint32_t{parts[2]} << 6U) | std::uint32_t{parts[3]};
    bytes[out] = static_cast<char>((group >> 16U) & 0xffU);
    bytes[out + 1] = static_cast<char>((group >> 8U) & 0xffU);
    bytes[out + 2] = static_cast<char>(group & 0xffU);
  }
  if ((wrong & 0x80U) != 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace referee::oci
