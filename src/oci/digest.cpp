#include "referee/oci/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace referee::oci {
namespace {

// Fetched once: an implicit fetch for each digest costs more than hashing a small manifest.
const EVP_MD* method(Algorithm algorithm) {
  static const EVP_MD* const kSha256Method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const kSha512Method = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  const EVP_MD* found = algorithm == Algorithm::kSha512 ? kSha512Method : kSha256Method;
  if (found == nullptr) throw std::runtime_error("OpenSSL offers no " + std::string(name(algorithm)));
  return found;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 15U]);
  }
  return text;
}

std::size_t encoded_length(Algorithm algorithm) {
  return algorithm == Algorithm::kSha512 ? 128 : 64;
}

}  // namespace

std::string_view name(Algorithm algorithm) {
  return algorithm == Algorithm::kSha512 ? "sha512" : "sha256";
}

tl::expected<Digest, std::string> Digest::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return tl::unexpected(std::string("a digest has the form algorithm:hex"));
  const std::string_view before = text.substr(0, colon);
  const std::string_view after = text.substr(colon + 1);
  Algorithm algorithm = Algorithm::kSha256;
  if (before == "sha512") {
    algorithm = Algorithm::kSha512;
  } else if (before != "sha256") {
    return tl::unexpected(std::string("the digest's algorithm is neither sha256 nor sha512"));
  }
  if (after.size() != encoded_length(algorithm)) {
    return tl::unexpected(fmt::format("a {} digest has {} hex characters, this one has {}", before,
                                      encoded_length(algorithm), after.size()));
  }
  if (after.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return tl::unexpected(std::string("the digest holds a character that is not lower-case hex"));
  }
  return Digest(algorithm, std::string(after));
}

Digest Digest::of(std::string_view bytes, Algorithm algorithm) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

std::string Digest::str() const {
  return fmt::format("{}:{}", name(algorithm_), encoded_);
}

struct Hasher::State {
  explicit State(Algorithm chosen) : algorithm(chosen), context(EVP_MD_CTX_new()) {
    if (context == nullptr || EVP_DigestInit_ex2(context, method(chosen), nullptr) != 1) {
      EVP_MD_CTX_free(context);
      throw std::runtime_error("OpenSSL could not start a digest");
    }
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Algorithm algorithm;
  EVP_MD_CTX* context;
};

Hasher::Hasher(Algorithm algorithm) : state_(std::make_unique<State>(algorithm)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("OpenSSL could not continue a digest");
  }
}

Digest Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> output{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(state_->context, output.data(), &size) != 1) {
    throw std::runtime_error("OpenSSL could not finish a digest");
  }
  return {state_->algorithm, to_hex(std::span(output).first(size))};
}

}  // namespace referee::oci
