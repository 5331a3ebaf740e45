#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::signing {

/// One block of RFC 7468: what stands after BEGIN, and its bytes.
struct PemBlock {
  std::string label;
  std::string der;  ///< empty if the block is not plain base64, as the old encrypted forms
};

/// The first block, which is the only one unless it is `EC PARAMETERS`. Text before it is passed over. `text` is
/// untrusted: at most 16 KiB are read.
tl::expected<PemBlock, std::string> read_pem(std::string_view text);

/// With lines of 64 characters and a newline at the end.
std::string write_pem(std::string_view label, std::string_view der);

/// Why a block of this label is no private (or no public) key that can be used, and what to do.
std::string private_label_advice(std::string_view label);
std::string public_label_advice(std::string_view label);

}  // namespace referee::signing
