#include "pem.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base64.hpp"

namespace referee::signing {
namespace {

constexpr std::size_t kLargestPem = std::size_t{16} * 1024;
constexpr std::size_t kLongestLabel = 64;
constexpr std::size_t kLineLength = 64;
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kMakeKey =
    "make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY`";

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLabel &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '; });
}

}  // namespace

tl::expected<PemBlock, std::string> read_pem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  if (text.size() > kLargestPem) return tl::unexpected(fmt::format("is larger than {} bytes", kLargestPem));
  const auto begin = text.find(kBegin);
  if (begin == std::string_view::npos) {
    return tl::unexpected(std::string("is not PEM: a line `-----BEGIN ...` is missing"));
  }
  text.remove_prefix(begin + kBegin.size());
  const auto end_of_label = text.find(kDashes);
  const auto label = text.substr(0, end_of_label);
  if (end_of_label == std::string_view::npos || !is_label(label)) {
    return tl::unexpected(std::string("is not PEM: its first line is malformed"));
  }
  text.remove_prefix(end_of_label + kDashes.size());
  const auto closing = fmt::format("-----END {}-----", label);
  const auto end = text.find(closing);
  if (end == std::string_view::npos) return tl::unexpected(fmt::format("is cut: the line `{}` is missing", closing));
  const auto rest = text.substr(end + closing.size());
  if (label != "EC PARAMETERS" && rest.find_first_not_of(kBlank) != std::string_view::npos) {
    return tl::unexpected(std::string("holds more than one block: keep the key's own"));
  }
  std::string body(text.substr(0, end));
  std::erase_if(body, [](char c) { return kBlank.find(c) != std::string_view::npos; });
  return PemBlock{std::string(label), strict_base64(body).value_or("")};
}

std::string write_pem(std::string_view label, std::string_view der) {
  const auto body = oci::base64_encode(der);
  auto text = fmt::format("-----BEGIN {}-----\n", label);
  for (std::size_t at = 0; at < body.size(); at += kLineLength) {
    text += body.substr(at, kLineLength);
    text += '\n';
  }
  return text + fmt::format("-----END {}-----\n", label);
}

std::string private_label_advice(std::string_view label) {
  if (label == "ENCRYPTED PRIVATE KEY") {
    return "is encrypted: take the password off with `openssl pkcs8 -in KEY -out PLAIN`";
  }
  if (label == "ENCRYPTED SIGSTORE PRIVATE KEY" || label == "ENCRYPTED COSIGN PRIVATE KEY") {
    return fmt::format("is encrypted by cosign, which gives no plain one: {}, and `cosign import-key-pair --key KEY`",
                       kMakeKey);
  }
  if (label == "EC PRIVATE KEY" || label == "EC PARAMETERS") {
    return "is in the old form: convert it with `openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN`";
  }
  if (label == "PUBLIC KEY") return "is the public half: give the private key";
  return fmt::format("holds a block `{}`, where a P-256 or Ed25519 `PRIVATE KEY` is needed: {}", label, kMakeKey);
}

std::string public_label_advice(std::string_view label) {
  if (label == "CERTIFICATE") return "is a certificate: take its key with `openssl x509 -in CERT -pubkey -noout`";
  if (label.starts_with("ENCRYPTED ") && label.ends_with("PRIVATE KEY")) {
    return "is an encrypted private key: give its public half, for cosign's keys the file `.pub`";
  }
  if (label.ends_with("PRIVATE KEY") || label == "EC PARAMETERS") {
    return "is a private key: take its public half with `openssl pkey -in KEY -pubout`";
  }
  return fmt::format("holds a block `{}`, where a P-256 or Ed25519 `PUBLIC KEY` is needed", label);
}

}  // namespace referee::signing
