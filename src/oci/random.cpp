#include "referee/oci/random.hpp"

#include <bit>

#include "referee/oci/digest.hpp"

namespace referee::oci {
namespace {

void append_little_endian(std::string& out, std::uint64_t word, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<char>((word >> (8 * i)) & 0xffU));
}

std::uint64_t hex_value(char c) {
  return static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view label) : state_{} {
  std::string material;
  append_little_endian(material, seed, 8);
  material += label;
  const std::string hex = Digest::of(material).encoded();
  for (std::size_t i = 0; i < hex.size(); ++i) state_[i / 16] = (state_[i / 16] << 4U) | hex_value(hex[i]);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Draws under 2^64 mod bound are thrown away, so that every value is equally likely.
  const std::uint64_t unfair = (0 - bound) % bound;
  std::uint64_t draw = next();
  while (draw < unfair) draw = next();
  return draw % bound;
}

std::string Random::bytes(std::size_t size) {
  std::string out;
  out.reserve(size + 8);
  while (out.size() < size) append_little_endian(out, next(), size - out.size() < 8 ? size - out.size() : 8);
  return out;
}

std::string Random::hex(std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(size + 16);
  while (out.size() < size) {
    std::uint64_t word = next();
    for (int i = 0; i < 16 && out.size() < size; ++i, word >>= 4U) out.push_back(kDigits[word & 15U]);
  }
  return out;
}

}  // namespace referee::oci
