#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "raw_client.hpp"
#include "referee/oci/builder.hpp"
#include "referee/oci/digest.hpp"
#include "referee/registry/server.hpp"

namespace referee::selftest {

/// A running reference registry and the few verbs that most tests need.
class RegistryTest : public ::testing::Test {
 protected:
  /// Starts (again) with these options.
  void start(registry::ServerOptions options = {});
  void start_with(std::vector<std::string> deviations);
  void SetUp() override { start(); }

  Reply request(std::string_view method, std::string_view target, const Fields& fields = {},
                const std::optional<std::string>& body = std::nullopt) {
    return client_->request(method, target, fields, body);
  }
  Reply get(std::string_view target, const Fields& fields = {}) { return client_->get(target, fields); }
  Reply head(std::string_view target, const Fields& fields = {}) { return request("HEAD", target, fields); }
  Reply remove(std::string_view target, const Fields& fields = {}) { return request("DELETE", target, fields); }

  /// Pushes with a single POST.
  Reply push_blob(std::string_view repository, const std::string& bytes,
                  oci::Algorithm algorithm = oci::Algorithm::kSha256);
  /// The Location of a fresh upload session.
  std::string open_upload(std::string_view repository, std::string_view query = "");
  Reply put_manifest(std::string_view repository, std::string_view reference, const oci::Content& manifest,
                     const Fields& fields = {});
  /// Blobs and manifest.
  Reply push(std::string_view repository, std::string_view reference, const oci::Package& package);
  std::vector<std::string> tags(std::string_view repository, std::string_view query = "");
  /// The digests of a referrers list.
  std::vector<std::string> referrers(std::string_view repository, std::string_view digest, std::string_view query = "");

  static std::string digest_of(const std::string& bytes, oci::Algorithm algorithm = oci::Algorithm::kSha256) {
    return oci::Digest::of(bytes, algorithm).str();
  }

  std::unique_ptr<registry::Server> server_;
  std::unique_ptr<RawClient> client_;
  oci::Random random_{1, "registry"};
};

/// The code of an error answer's first error; empty if the body has not the shape of one.
std::string error_code(const Reply& reply);

MATCHER_P2(Fails, status, code, "") {
  *result_listener << "status " << arg.status << ", body " << arg.body;
  return arg.status == status && error_code(arg) == code;
}
MATCHER_P(HasStatus, status, "") {
  *result_listener << "status " << arg.status << ", body " << arg.body.substr(0, 300);
  return arg.status == status;
}

}  // namespace referee::selftest
