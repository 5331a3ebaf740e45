#include <gtest/gtest.h>

#include "ecdsa.hpp"
#include "pem.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/digest.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

// RFC 6979, A.2.5: P-256 with SHA-256.
constexpr std::string_view kSecret = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
constexpr std::string_view kPoint =
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";

struct EcdsaVector {
  std::string message;
  std::string_view nonce;
  std::string_view r;
  std::string_view s;
};

const EcdsaVector kEcdsa[] = {
    {"sample", "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60",
     "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
     "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    {"test", "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0",
     "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
     "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
};

/// r and s as DER writes them: without leading zeros, with one where the top bit is set.
std::string der_integer(std::string_view hex) {
  auto bytes = from_hex(hex);
  while (bytes.size() > 1 && bytes[0] == '\0') bytes.erase(0, 1);
  if ((static_cast<unsigned char>(bytes[0]) & 0x80U) != 0) bytes.insert(0, 1, '\0');
  return std::string("\x02") + static_cast<char>(bytes.size()) + bytes;
}

TEST(Vectors, Rfc6979Nonces) {
  for (const auto& vector : kEcdsa) {
    const auto hash = from_hex(oci::Digest::of(vector.message).encoded());
    ecdsa::Nonces nonces(from_hex(kSecret), hash);
    const auto first = nonces.next();
    EXPECT_EQ(to_hex(first), vector.nonce);
    EXPECT_NE(nonces.next(), first);
  }
}

TEST(Vectors, Rfc6979Signatures) {
  EXPECT_EQ(to_hex(ecdsa::public_point(from_hex(kSecret))), kPoint);
  for (const auto& vector : kEcdsa) {
    const auto body = der_integer(vector.r) + der_integer(vector.s);
    const auto wanted = std::string(1, '\x30') + static_cast<char>(body.size()) + body;
    EXPECT_EQ(to_hex(ecdsa::sign(from_hex(kSecret), vector.message)), to_hex(wanted)) << vector.message;
  }
}

TEST(Vectors, SecretsAreInTheGroup) {
  const auto order = from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  EXPECT_FALSE(ecdsa::is_secret(order));
  EXPECT_FALSE(ecdsa::is_secret(std::string(32, '\0')));
  EXPECT_FALSE(ecdsa::is_secret(std::string(32, '\xff')));
  EXPECT_FALSE(ecdsa::is_secret(std::string(31, '\1')));
  auto below = order;
  below.back() = '\x50';
  EXPECT_TRUE(ecdsa::is_secret(below));
}

struct EdVector {
  std::string_view secret;
  std::string_view point;
  std::string_view message;
  std::string_view signature;
};

// RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc).
const EdVector kEd[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
     "55141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
     "00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
     "027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2"
     "a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad"
     "9bef1177331a704"},
};

TEST(Vectors, Rfc8032) {
  for (const auto& vector : kEd) {
    const auto der = from_hex("302e020100300506032b657004220420") + from_hex(vector.secret);
    const auto key = PrivateKey::from_pem(write_pem("PRIVATE KEY", der));
    ASSERT_TRUE(key) << key.error();
    EXPECT_EQ(key->type(), KeyType::kEd25519);
    EXPECT_EQ(to_hex(key->public_key().spki()), "302a300506032b6570032100" + std::string(vector.point));
    const auto message = from_hex(vector.message);
    EXPECT_EQ(to_hex(key->sign(message)), vector.signature);
    EXPECT_TRUE(key->public_key().verify(message, from_hex(vector.signature)));
    EXPECT_FALSE(key->public_key().verify(message + "x", from_hex(vector.signature)));
  }
}

}  // namespace
}  // namespace referee::signing
