#include "p256_table.hpp"

#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include <map>
#include <mutex>

namespace referee::signing {
namespace {

bool precompute(EC_GROUP* group, BN_CTX* context) {
#ifdef OPENSSL_NO_DEPRECATED_3_0
  return false;
#else
  // Deprecated without a successor: who has no such function makes no tables.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return EC_GROUP_precompute_mult(group, context) == 1 && EC_GROUP_have_precompute_mult(group) == 1;
#pragma GCC diagnostic pop
#endif
}

/// What one check needs in between, kept by the thread.
struct Scratch {
  BignumContext context{BN_CTX_new()};
  Bignum hash{BN_new()}, inverse{BN_new()}, first{BN_new()}, second{BN_new()}, x{BN_new()};

  [[nodiscard]] bool whole() const { return context && hash && inverse && first && second && x; }
};

/// The one encoding that there is (DER), of numbers that can be r and s.
EcdsaSignature read_signature(std::string_view der, const BIGNUM* order) {
  const unsigned char* at = octets(der);
  EcdsaSignature read(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!read || at != octets(der) + der.size()) return nullptr;
  const int size = i2d_ECDSA_SIG(read.get(), nullptr);
  if (size < 0 || static_cast<std::size_t>(size) != der.size()) return nullptr;
  std::string again(der.size(), '\0');
  unsigned char* out = octets(again);
  if (i2d_ECDSA_SIG(read.get(), &out) != size || again != der) return nullptr;
  for (const BIGNUM* number : {ECDSA_SIG_get0_r(read.get()), ECDSA_SIG_get0_s(read.get())}) {
    if (BN_is_negative(number) == 1 || BN_is_zero(number) == 1 || BN_cmp(number, order) >= 0) return nullptr;
  }
  return read;
}

}  // namespace

std::unique_ptr<const P256Table> P256Table::make(std::string_view point) {
  const BignumContext context(BN_CTX_new());
  Group curve(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  Group multiples(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  std::unique_ptr<const P256Table> made;
  if (point.size() == 65 && context && curve && multiples) {
    const Point key(EC_POINT_new(curve.get()));
    if (key && EC_POINT_oct2point(curve.get(), key.get(), octets(point), point.size(), context.get()) == 1 &&
        EC_GROUP_set_generator(multiples.get(), key.get(), EC_GROUP_get0_order(curve.get()), BN_value_one()) == 1 &&
        precompute(multiples.get(), context.get())) {
      made.reset(new P256Table(std::move(curve), std::move(multiples)));
    }
  }
  ERR_clear_error();
  return made;
}

bool P256Table::verifies(const Hash& hash, std::string_view signature) const {
  thread_local const Scratch scratch;
  const EC_GROUP* curve = curve_.get();
  const BIGNUM* order = EC_GROUP_get0_order(curve);
  const auto read = read_signature(signature, order);
  const Point sum(EC_POINT_new(curve));
  const Point product(EC_POINT_new(curve));
  if (!read || !sum || !product || !scratch.whole()) return false;
  const BIGNUM* r = ECDSA_SIG_get0_r(read.get());
  BN_CTX* context = scratch.context.get();
  BIGNUM* inverse = scratch.inverse.get();
  BIGNUM* first = scratch.first.get();
  BIGNUM* second = scratch.second.get();
  BIGNUM* x = scratch.x.get();
  // hash/s times the curve's own generator, and r/s times the key's point: x of their sum is r.
  return BN_bin2bn(hash.data(), static_cast<int>(hash.size()), scratch.hash.get()) != nullptr &&
         BN_mod_inverse(inverse, ECDSA_SIG_get0_s(read.get()), order, context) != nullptr &&
         BN_mod_mul(first, scratch.hash.get(), inverse, order, context) == 1 &&
         BN_mod_mul(second, r, inverse, order, context) == 1 &&
         EC_POINT_mul(curve, sum.get(), first, nullptr, nullptr, context) == 1 &&
         EC_POINT_mul(multiples_.get(), product.get(), second, nullptr, nullptr, context) == 1 &&
         EC_POINT_add(curve, sum.get(), sum.get(), product.get(), context) == 1 &&
         EC_POINT_is_at_infinity(curve, sum.get()) == 0 &&
         EC_POINT_get_affine_coordinates(curve, sum.get(), x, nullptr, context) == 1 &&
         BN_nnmod(x, x, order, context) == 1 && BN_cmp(x, r) == 0;
}

std::shared_ptr<KeyUse> KeyUse::of(const std::string& id) {
  constexpr std::size_t kMostKeys = 64;
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<KeyUse>> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(id); found != known.end()) return found->second;
  if (known.size() >= kMostKeys) known.clear();  // who uses one of them keeps it
  return known.emplace(id, std::make_shared<KeyUse>()).first->second;
}

const P256Table* KeyUse::table(std::string_view point) {
  if (ready_.load(std::memory_order_acquire)) return table_.get();
  if (uses_.fetch_add(1, std::memory_order_relaxed) + 1 != kWorthATable) return nullptr;
  make(point);
  return table_.get();
}

void KeyUse::expect_many(std::string_view point) {
  if (uses_.fetch_add(kWorthATable, std::memory_order_relaxed) < kWorthATable) make(point);
}

void KeyUse::make(std::string_view point) {
  table_ = P256Table::make(point);
  ready_.store(table_ != nullptr, std::memory_order_release);
}

}  // namespace referee::signing
