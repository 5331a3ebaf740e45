// Checks with a key's table: what they take, OpenSSL's own check takes, down to the numbers that hardly ever occur.
#include "p256_table.hpp"

#include <gtest/gtest.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>

#include <thread>
#include <vector>

#include "ecdsa.hpp"
#include "referee/oci/digest.hpp"
#include "referee/signing/key.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

/// Numbers modulo the order of P-256, and points.
struct Curve {
  Curve() : group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)), order(EC_GROUP_get0_order(group)) {}
  ~Curve() { EC_GROUP_free(group); }
  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;

  [[nodiscard]] Bignum number(unsigned long value) const {
    Bignum made(BN_new());
    BN_set_word(made.get(), value);
    return made;
  }
  using Operation = int (*)(BIGNUM*, const BIGNUM*, const BIGNUM*, const BIGNUM*, BN_CTX*);
  [[nodiscard]] Bignum result(Operation operation, const Bignum& a, const Bignum& b) const {
    Bignum made(BN_new());
    operation(made.get(), a.get(), b.get(), order, context.get());
    return made;
  }
  [[nodiscard]] Bignum times(const Bignum& a, const Bignum& b) const { return result(BN_mod_mul, a, b); }
  [[nodiscard]] Bignum plus(const Bignum& a, const Bignum& b) const { return result(BN_mod_add, a, b); }
  [[nodiscard]] Bignum minus(const Bignum& a, const Bignum& b) const { return result(BN_mod_sub, a, b); }
  [[nodiscard]] Bignum over(const Bignum& a, const Bignum& b) const {
    return times(a, Bignum(BN_mod_inverse(nullptr, b.get(), order, context.get())));
  }
  [[nodiscard]] Point multiple(const Bignum& factor) const {
    Point made(EC_POINT_new(group));
    EC_POINT_mul(group, made.get(), factor.get(), nullptr, nullptr, context.get());
    return made;
  }
  /// Its x modulo the order.
  [[nodiscard]] Bignum x_of(const Point& point) const {
    Bignum made(BN_new());
    EC_POINT_get_affine_coordinates(group, point.get(), made.get(), nullptr, context.get());
    BN_nnmod(made.get(), made.get(), order, context.get());
    return made;
  }
  [[nodiscard]] std::string bytes_of(const Point& point) const {
    std::string bytes(65, '\0');
    EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, octets(bytes), bytes.size(), context.get());
    return bytes;
  }

  EC_GROUP* group;
  const BIGNUM* order;
  BignumContext context{BN_CTX_new()};
};

P256Table::Hash hash_of(const Bignum& number) {
  P256Table::Hash hash{};
  BN_bn2binpad(number.get(), hash.data(), static_cast<int>(hash.size()));
  return hash;
}

std::string der_of(const BIGNUM* r, const BIGNUM* s) {
  const EcdsaSignature signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_dup(r), BN_dup(s));
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  unsigned char* out = octets(der);
  i2d_ECDSA_SIG(signature.get(), &out);
  return der;
}

/// OpenSSL's own check.
bool plain(const std::string& point, const P256Table::Hash& hash, const std::string& der) {
  const std::string head(
      "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00", 26);
  const auto spki = head + point;
  const unsigned char* at = octets(std::string_view(spki));
  const EvpKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  EVP_PKEY_verify_init(context.get());
  return EVP_PKEY_verify(context.get(), octets(std::string_view(der)), der.size(), hash.data(), hash.size()) == 1;
}

/// Both checks say `good`.
void expect_both(bool good, const std::string& point, const P256Table::Hash& hash, const std::string& der,
                 std::string_view what) {
  const auto table = P256Table::make(point);
  ASSERT_NE(table, nullptr) << what;
  EXPECT_EQ(plain(point, hash, der), good) << what;
  EXPECT_EQ(table->verifies(hash, der), good) << what;
}

class Tables : public testing::Test {
 protected:
  void SetUp() override {
    if (P256Table::make(point_) == nullptr) GTEST_SKIP() << "this OpenSSL makes no tables on this processor";
  }

  Curve curve_;
  Bignum secret_ = curve_.number(123456789);
  std::string point_ = curve_.bytes_of(curve_.multiple(secret_));
};

TEST_F(Tables, TakeWhatOpensslTakesAndNothingElse) {
  const auto table = P256Table::make(point_);
  std::string secret(32, '\0');
  BN_bn2binpad(secret_.get(), octets(secret), 32);
  for (int number = 0; number < 300; ++number) {
    const auto message = "message " + std::to_string(number);
    auto der = ecdsa::sign(secret, message);
    P256Table::Hash hash{};
    SHA256(octets(std::string_view(message)), message.size(), hash.data());
    ASSERT_TRUE(table->verifies(hash, der)) << number;
    auto other = hash;
    other.at(static_cast<std::size_t>(number) % other.size()) ^= static_cast<unsigned char>(1U << (number % 8));
    EXPECT_FALSE(table->verifies(other, der)) << number;
    const auto at = static_cast<std::size_t>(number) % der.size();
    der[at] = static_cast<char>(der[at] ^ (1 << (number % 7)));
    EXPECT_EQ(table->verifies(hash, der), plain(point_, hash, der)) << number << ": " << to_hex(der);
    EXPECT_FALSE(table->verifies(hash, der)) << number << ": " << to_hex(der);
  }
}

TEST_F(Tables, ReadOneEncodingAndNumbersBelowTheOrder) {
  const auto hash = curve_.number(77);
  const auto nonce = curve_.number(987654321);
  const auto r = curve_.x_of(curve_.multiple(nonce));
  const auto s = curve_.over(curve_.plus(hash, curve_.times(r, secret_)), nonce);
  const auto good = der_of(r.get(), s.get());
  expect_both(true, point_, hash_of(hash), good, "as made");
  expect_both(false, point_, hash_of(hash), good + '\0', "a byte more");
  expect_both(false, point_, hash_of(hash), good.substr(0, good.size() - 1), "a byte less");
  expect_both(false, point_, hash_of(hash), "", "nothing");
  auto padded = good;
  padded[1] = static_cast<char>(padded[1] + 1);
  padded[3] = static_cast<char>(padded[3] + 1);
  padded.insert(4, 1, '\0');
  expect_both(false, point_, hash_of(hash), padded, "a zero in front of r");
  const auto zero = curve_.number(0);
  expect_both(false, point_, hash_of(hash), der_of(zero.get(), s.get()), "r of 0");
  expect_both(false, point_, hash_of(hash), der_of(r.get(), zero.get()), "s of 0");
  expect_both(false, point_, hash_of(hash), der_of(curve_.order, s.get()), "r of the order");
  expect_both(false, point_, hash_of(hash), der_of(r.get(), curve_.order), "s of the order");
  for (const bool first : {true, false}) {
    Bignum more(BN_new());
    BN_add(more.get(), (first ? r : s).get(), curve_.order);
    expect_both(false, point_, hash_of(hash), first ? der_of(more.get(), s.get()) : der_of(r.get(), more.get()),
                "the order more");
  }
  // r of -1, which OpenSSL would not write.
  const auto s_bytes = good.substr(4 + static_cast<std::size_t>(good[3]));
  const auto body = std::string("\x02\x01\xff") + s_bytes;
  expect_both(false, point_, hash_of(hash), std::string(1, 0x30) + static_cast<char>(body.size()) + body, "negative");
  // -s is as good as s, here as there.
  expect_both(true, point_, hash_of(hash), der_of(r.get(), curve_.minus(zero, s).get()), "-s");
}

TEST_F(Tables, AddPointsThatAreZeroEqualOrOpposite) {
  const auto nonce = curve_.number(5555);
  const auto r = curve_.x_of(curve_.multiple(nonce));
  const auto both = curve_.times(r, secret_);
  const auto zero = curve_.number(0);
  expect_both(true, point_, hash_of(zero), der_of(r.get(), curve_.over(both, nonce).get()),
              "a hash of 0: one of the products is no point");
  expect_both(true, point_, hash_of(both), der_of(r.get(), curve_.over(curve_.plus(both, both), nonce).get()),
              "both products are the same point");
  expect_both(false, point_, hash_of(curve_.minus(zero, both)), der_of(r.get(), nonce.get()),
              "their sum is no point at all");
}

TEST_F(Tables, KnowThatXMayBeAboveTheOrder) {
  // A point whose x is above the order is found, and a key made for which a signature leads there.
  Bignum x(BN_dup(curve_.order));
  Point high(EC_POINT_new(curve_.group));
  do {
    BN_add_word(x.get(), 1);
  } while (EC_POINT_set_compressed_coordinates(curve_.group, high.get(), x.get(), 0, curve_.context.get()) != 1);
  const auto r = curve_.x_of(high);
  ASSERT_LT(BN_num_bits(r.get()), 16) << "its x is just above";
  const auto hash = curve_.number(31337);
  const auto s = curve_.number(424242);
  // key = (high - hash/s G) s/r
  const auto left = curve_.multiple(curve_.over(hash, s));
  EC_POINT_invert(curve_.group, left.get(), curve_.context.get());
  EC_POINT_add(curve_.group, left.get(), left.get(), high.get(), curve_.context.get());
  const Point key(EC_POINT_new(curve_.group));
  EC_POINT_mul(curve_.group, key.get(), nullptr, left.get(), curve_.over(s, r).get(), curve_.context.get());
  expect_both(true, curve_.bytes_of(key), hash_of(hash), der_of(r.get(), s.get()), "x above the order");
  const auto one_more = curve_.plus(r, curve_.number(1));
  expect_both(false, curve_.bytes_of(key), hash_of(hash), der_of(one_more.get(), s.get()), "another r");
}

TEST_F(Tables, AreMadeOfPointsOnTheCurveOnly) {
  auto bad = point_;
  bad.back() = static_cast<char>(bad.back() ^ 1);
  EXPECT_EQ(P256Table::make(bad), nullptr);
  EXPECT_EQ(P256Table::make(std::string_view(point_).substr(0, 64)), nullptr);
  EXPECT_EQ(P256Table::make(std::string_view("\0", 1)), nullptr) << "no point at all";
}

TEST_F(Tables, AreMadeOnceTheyAreWorthIt) {
  KeyUse use;
  for (std::size_t count = 1; count < KeyUse::kWorthATable; ++count) ASSERT_EQ(use.table(point_), nullptr) << count;
  const auto* made = use.table(point_);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(use.table(point_), made);
  KeyUse expected;
  expected.expect_many(point_);
  EXPECT_NE(expected.table(""), nullptr) << "whoever says so need not wait";
  EXPECT_EQ(KeyUse::of("one key"), KeyUse::of("one key"));
  EXPECT_NE(KeyUse::of("one key"), KeyUse::of("another"));
}

TEST_F(Tables, ChangeNothingInWhatAKeySays) {
  const auto signer = PrivateKey::from_seed(KeyType::kEcdsaP256, 8, "tables");
  const auto good = signer.sign("this");
  const auto other = signer.sign("that");
  std::vector<std::thread> threads;
  std::atomic<std::size_t> wrong = 0;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      const auto key = PublicKey::from_spki(signer.public_key().spki());
      for (std::size_t count = 0; count < KeyUse::kWorthATable / 4; ++count) {
        if (!key->verify("this", good) || key->verify("this", other)) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_NE(KeyUse::of(signer.public_key().id())->table(""), nullptr) << "copies of a key share its table";
}

}  // namespace
}  // namespace referee::signing
