#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "pem.hpp"
#include "referee/oci/base64.hpp"
#include "referee/oci/digest.hpp"
#include "support.hpp"

namespace referee::signing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Keys, GoldenFromASeed) {
  expect_golden("p256-private.pem", p256_key().pem());
  expect_golden("p256-public.pem", p256_key().public_key().pem());
  expect_golden("ed25519-private.pem", ed25519_key_of_seed().pem());
  expect_golden("ed25519-public.pem", ed25519_key_of_seed().public_key().pem());
}

TEST(Keys, SeedLabelAndTypeEachGiveAnotherKey) {
  const auto id = p256_key().public_key().id();
  EXPECT_EQ(id, p256_key().public_key().id());
  EXPECT_NE(id, p256_key("other").public_key().id());
  EXPECT_NE(id, PrivateKey::from_seed(KeyType::kEcdsaP256, kSeed + 1).public_key().id());
  EXPECT_NE(id, ed25519_key_of_seed().public_key().id());
  EXPECT_EQ(id, oci::Digest::of(p256_key().public_key().spki()).str());
}

TEST(Keys, SurviveSavingAndLoading) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const auto loaded = PrivateKey::from_pem(key.pem());
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_EQ(loaded->pem(), key.pem());
    EXPECT_EQ(loaded->sign("message"), key.sign("message"));
    const auto half = PublicKey::from_pem("a line before\n" + key.public_key().pem() + "\r\n");
    ASSERT_TRUE(half) << half.error();
    EXPECT_EQ(half->id(), key.public_key().id());
    EXPECT_EQ(half->type(), key.type());
    EXPECT_TRUE(half->verify("message", key.sign("message")));
  }
}

TEST(Keys, VerifyNothingElse) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const std::string message = "a message";
    const auto signature = key.sign(message);
    ASSERT_TRUE(key.public_key().verify(message, signature));
    EXPECT_FALSE(key.public_key().verify("", signature));
    EXPECT_FALSE(key.public_key().verify(message, ""));
    EXPECT_FALSE(key.public_key().verify(message, signature + '\0'));
    EXPECT_FALSE(key.public_key().verify(message, signature.substr(1)));
    EXPECT_FALSE(p256_key("other").public_key().verify(message, signature));
    EXPECT_FALSE(ed25519_key_of_seed("other").public_key().verify(message, signature));
    for (std::size_t at = 0; at < signature.size(); ++at) {
      auto wrong = signature;
      wrong[at] = static_cast<char>(wrong[at] ^ 1);
      EXPECT_FALSE(key.public_key().verify(message, wrong)) << at;
    }
  }
}

/// OpenSSL's command line reads what is written here and agrees on signatures, in both directions.
TEST(Keys, OpensslAgrees) {
  const Folder folder;
  const auto key = p256_key();
  const auto file = folder.write("key", key.pem());
  const auto half = folder.write("pub", key.public_key().pem());
  const auto message = folder.write("message", "hello");
  const auto signature = folder.write("sig", key.sign("hello"));
  EXPECT_EQ(shell("openssl pkey -in " + file + " -pubout"), "0 " + key.public_key().pem());
  EXPECT_EQ(shell("openssl pkey -in " + file), "0 " + key.pem());
  EXPECT_EQ(shell("openssl pkey -in " + folder.write("ed", ed25519_key_of_seed().pem())),
            "0 " + ed25519_key_of_seed().pem());
  EXPECT_THAT(shell("openssl dgst -sha256 -verify " + half + " -signature " + signature + " " + message),
              StartsWith("0 Verified OK"));
  EXPECT_THAT(shell("openssl dgst -sha256 -sign " + file + " -out " + folder.path() + "/theirs " + message),
              StartsWith("0 "));
  EXPECT_TRUE(key.public_key().verify("hello", folder.read("theirs")));
}

struct Foreign {
  std::string make;  ///< the shell's command, in the folder
  std::string private_error;
  std::string public_error;
};

TEST(Keys, ForeignKeysAreRefusedWithAdvice) {
  const Foreign cases[] = {
      {"openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k && openssl pkey -in k -pubout -out "
       "p",
       "type RSA with 2048 bits", "type RSA with 2048 bits"},
      {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out k && openssl pkey -in k -pubout -out p",
       "type EC with 384 bits", "type EC with 384 bits"},
      {"openssl ecparam -name secp256k1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out k && openssl pkey -in k "
       "-pubout -out p",
       "only ECDSA P-256 and Ed25519", "on another curve"},
      {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k && openssl ec -in k -pubout -conv_form "
       "compressed -out p 2>/dev/null",
       "", "-conv_form uncompressed"},
      {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:x -out k && cp k p",
       "take the password off", "give its public half"},
      {"openssl ecparam -name prime256v1 -genkey -out k && cp k p", "openssl pkcs8 -topk8", "-pubout"},
      {"openssl ecparam -name prime256v1 -genkey -noout -out k && cp k p", "openssl pkcs8 -topk8", "-pubout"},
      {"openssl genpkey -algorithm X25519 -out k && openssl pkey -in k -pubout -out p", "type X25519", "type X25519"},
      {"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -keyout x -out k 2>/dev/null && cp k p",
       "block `CERTIFICATE`", "openssl x509"},
  };
  for (const auto& foreign : cases) {
    const Folder folder;
    const auto made = shell("cd " + folder.path() + " && " + foreign.make);
    ASSERT_THAT(made, StartsWith("0 ")) << foreign.make;
    const auto key = PrivateKey::from_pem(folder.read("k"));
    EXPECT_EQ(key.has_value(), foreign.private_error.empty());
    EXPECT_THAT(key ? "" : key.error(), HasSubstr(foreign.private_error));
    const auto half = PublicKey::from_pem(folder.read("p"));
    ASSERT_FALSE(half) << foreign.make;
    EXPECT_THAT(half.error(), HasSubstr(foreign.public_error));
  }
}

TEST(Keys, EachWrongTextHasItsOwnLine) {
  const auto good = p256_key().pem();
  const auto half = p256_key().public_key().pem();
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "is not PEM"},
      {"-----BEGIN ", "first line is malformed"},
      {"-----BEGIN private-----\n-----END private-----", "first line is malformed"},
      {good.substr(0, good.size() - 20), "is cut"},
      {good + half, "more than one block"},
      {std::string(20'000, ' ') + good, "is larger than"},
      {half, "public half"},
      {"-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END PRIVATE KEY-----\n", "not PKCS#8"},
      {"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n",
       "cosign import-key-pair"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "openssl genpkey"},
  };
  for (const auto& [text, error] : cases) {
    const auto key = PrivateKey::from_pem(text);
    ASSERT_FALSE(key) << text;
    EXPECT_THAT(key.error(), HasSubstr(error));
    EXPECT_THAT(key.error(), Not(HasSubstr("\n")));
    EXPECT_FALSE(PublicKey::from_pem(text) && text != half);
  }
}

/// Every byte of both forms: a changed one gives another key or an error, never the same key or a crash. Only the
/// version numbers of the private form say nothing about the key, and OpenSSL does not mind them.
TEST(Keys, ChangedBytesNeverGiveTheSameKey) {
  for (const auto& key : {p256_key(), ed25519_key_of_seed()}) {
    const std::set<std::size_t> versions =
        key.type() == KeyType::kEd25519 ? std::set<std::size_t>{4} : std::set<std::size_t>{5, 33};
    for (const bool whole : {true, false}) {
      const auto block = read_pem(whole ? key.pem() : key.public_key().pem());
      ASSERT_TRUE(block);
      for (std::size_t at = 0; at < block->der.size(); ++at) {
        auto der = block->der;
        der[at] = static_cast<char>(der[at] ^ 0x20);
        const auto text = write_pem(block->label, der);
        if (whole && !versions.contains(at)) {
          const auto read = PrivateKey::from_pem(text);
          EXPECT_FALSE(read && read->pem() == key.pem()) << at;
        } else if (!whole) {
          const auto read = PublicKey::from_pem(text);
          EXPECT_FALSE(read && read->id() == key.public_key().id()) << at;
        }
        EXPECT_FALSE(PublicKey::from_spki(std::string_view(block->der).substr(0, at)));
      }
    }
  }
}

TEST(Keys, HalvesMustBelongTogether) {
  const auto first = read_pem(p256_key().pem());
  const auto second = read_pem(p256_key("other").pem());
  ASSERT_TRUE(first && second);
  const auto mixed = first->der.substr(0, 70) + second->der.substr(70);
  const auto key = PrivateKey::from_pem(write_pem("PRIVATE KEY", mixed));
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error(), HasSubstr("damaged"));
}

}  // namespace
}  // namespace referee::signing
