#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ossl.hpp"

namespace referee::signing {

/// Multiples of a P-256 key's point, 150 KB of them, with which a check of its signatures takes about half the time.
/// Immutable; threads may share it.
class P256Table {
 public:
  using Hash = std::array<unsigned char, 32>;

  /// `point`: the 65 bytes of an uncompressed point on the curve. Takes as long as 350 checks. Null if OpenSSL, whose
  /// arithmetic this is, keeps no such tables on this processor or no longer.
  static std::unique_ptr<const P256Table> make(std::string_view point);

  /// Whether the DER signature is the key's, of what has this hash (FIPS 186-4, 6.4.2). False as well if it could not
  /// be computed. Only for what is public: the time tells of the numbers.
  [[nodiscard]] bool verifies(const Hash& hash, std::string_view signature) const;

 private:
  struct GroupDeleter {
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
  };
  using Group = std::unique_ptr<EC_GROUP, GroupDeleter>;
  P256Table(Group curve, Group multiples) : curve_(std::move(curve)), multiples_(std::move(multiples)) {}

  Group curve_;
  Group multiples_;  ///< the same curve with the key's point as its generator
};

/// How often a key has been used by this program, and its table once that is worth its making.
class KeyUse {
 public:
  /// As many checks as the time that they lost for want of a table would have made one, and some more.
  static constexpr std::size_t kWorthATable = 1024;

  /// That of the key with this id, as long as few others come in between.
  static std::shared_ptr<KeyUse> of(const std::string& id);

  /// Counts one use. Null: there is no table yet. One caller makes it, while the others go on.
  const P256Table* table(std::string_view point);
  /// Makes it now, unless it is there or being made.
  void expect_many(std::string_view point);

 private:
  void make(std::string_view point);

  std::atomic<std::size_t> uses_ = 0;
  std::atomic<bool> ready_ = false;
  std::unique_ptr<const P256Table> table_;  ///< once ready_ is true
};

}  // namespace referee::signing
