#include "certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <stdexcept>

namespace referee::http::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

void extend(X509* certificate, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Signed by `issuer`, or by itself when that is null.
Certificate make_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                             const char* alternative) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, bytes, -1, -1, 0);
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  X509_set_pubkey(certificate.get(), key);
  extend(certificate.get(), signer, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (alternative != nullptr) extend(certificate.get(), signer, NID_subject_alt_name, alternative);
  X509_sign(certificate.get(), issuer == nullptr ? key : issuer_key, EVP_sha256());
  return certificate;
}

void save(const std::string& path, X509* certificate) {
  FILE* file = fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  (void)fclose(file);
}

void save(const std::string& path, EVP_PKEY* key) {
  FILE* file = fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  (void)fclose(file);
}

}  // namespace

Certificates::Certificates() {
  std::string pattern = std::filesystem::temp_directory_path() / "referee-tls-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  const auto authority_key = make_key();
  const auto authority = make_certificate("Referee test CA", authority_key.get(), nullptr, nullptr, nullptr);
  save(file("ca.pem"), authority.get());
  for (const auto* name : {"server", "client"}) {
    const auto key = make_key();
    const auto certificate = make_certificate(name, key.get(), authority.get(), authority_key.get(), "IP:127.0.0.1");
    save(file(std::string(name) + ".pem"), certificate.get());
    save(file(std::string(name) + ".key"), key.get());
  }
}

Certificates::~Certificates() {
  std::filesystem::remove_all(folder_);
}

std::shared_ptr<SSL_CTX> Certificates::server(bool demand_client) const {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (SSL_CTX_use_certificate_file(context.get(), file("server.pem").c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), file("server.key").c_str(), SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("the test certificates do not load");
  }
  if (demand_client) {
    SSL_CTX_load_verify_locations(context.get(), file("ca.pem").c_str(), nullptr);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

}  // namespace referee::http::test
