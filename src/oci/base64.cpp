#include "referee/oci/base64.hpp"

#include <array>
#include <cstdint>

namespace referee::oci {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t kWrong = std::uint32_t{1} << 31U;

/// What a character gives as the first, second, third or fourth of its group.
using Values = std::array<std::uint32_t, 256>;
constexpr std::array<Values, 4> kValues = [] {
  std::array<Values, 4> values{};
  for (std::size_t place = 0; place < values.size(); ++place) {
    values.at(place).fill(kWrong);
    for (std::size_t value = 0; value < kAlphabet.size(); ++value) {
      values.at(place).at(static_cast<unsigned char>(kAlphabet[value])) = static_cast<std::uint32_t>(value)
                                                                          << (18U - 6U * place);
    }
  }
  return values;
}();

/// Three bytes; kWrong is set if one of the four characters is none of the alphabet.
std::uint32_t group_of(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t place) { return static_cast<unsigned char>(text[at + place]); };
  return kValues[0][octet(0)] | kValues[1][octet(1)] | kValues[2][octet(2)] | kValues[3][octet(3)];
}

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
  std::string bytes(text.size() / 4 * 3, '\0');
  std::uint32_t wrong = 0;
  const auto put = [&](std::size_t at, std::uint32_t group) {
    wrong |= group;
    bytes[at] = static_cast<char>((group >> 16U) & 0xffU);
    bytes[at + 1] = static_cast<char>((group >> 8U) & 0xffU);
    bytes[at + 2] = static_cast<char>(group & 0xffU);
  };
  const auto whole = padding == 0 ? text.size() : text.size() - 4;
  std::size_t out = 0;
  for (std::size_t in = 0; in < whole; in += 4, out += 3) put(out, group_of(text, in));
  if (padding > 0) {
    auto last = std::string(text.substr(whole, 4 - padding));
    last.append(padding, kAlphabet.front());  // zeros
    put(out, group_of(last, 0));
  }
  if ((wrong & kWrong) != 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace referee::oci
