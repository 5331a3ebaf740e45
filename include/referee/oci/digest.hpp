#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace referee::oci {

/// Registered digest algorithms (image-spec, descriptor.md, "Registered algorithms").
enum class Algorithm : std::uint8_t { kSha256, kSha512 };

/// "sha256" or "sha512".
std::string_view name(Algorithm algorithm);

/// A syntactically valid digest of a registered algorithm: `<algorithm>:<lower-case hex>`.
/// A value type; safe to share between threads. Malformed digests that a check sends on purpose are plain strings.
class Digest {
 public:
  /// Fails, with a sentence that says what is wrong, on an unknown algorithm, a wrong length or a character that is not
  /// lower-case hex.
  static tl::expected<Digest, std::string> parse(std::string_view text);

  /// The digest of these bytes.
  static Digest of(std::string_view bytes, Algorithm algorithm = Algorithm::kSha256);

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }
  /// The part after the colon: 64 or 128 hex characters.
  [[nodiscard]] const std::string& encoded() const { return encoded_; }
  /// The whole digest, as it stands in a URL.
  [[nodiscard]] std::string str() const;

  friend bool operator==(const Digest&, const Digest&) = default;
  friend auto operator<=>(const Digest&, const Digest&) = default;

 private:
  friend class Hasher;
  Digest(Algorithm algorithm, std::string encoded) : algorithm_(algorithm), encoded_(std::move(encoded)) {}

  Algorithm algorithm_;
  std::string encoded_;
};

/// Streaming digest over any number of pieces. One object, one thread.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm = Algorithm::kSha256);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(std::string_view bytes);
  /// The digest of all that was fed so far. Ends the object's life: call once.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The referrers tag of a digest (distribution-spec, "Referrers Tag Schema"): algorithm cut to 32 characters, `-`,
/// encoded part cut to 64, every character that a tag may not hold replaced by `-`. Takes any `algorithm:encoded`
/// string, not only registered algorithms, since the specification's own example is not registered.
std::string referrers_tag(std::string_view digest);

}  // namespace referee::oci
