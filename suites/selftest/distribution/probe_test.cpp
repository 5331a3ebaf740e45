#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "distribution/fake_server.hpp"
#include "referee/distribution/capabilities.hpp"
#include "referee/http/url.hpp"
#include "referee/registry/server.hpp"

namespace referee::distribution {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProbeOptions options() {
  ProbeOptions options;
  options.repository = "p/one";
  options.second_repository = "p/two";
  options.seed = 3;
  return options;
}

Capabilities probe_at(const std::string& base) {
  Registry registry(test_client(), base);
  auto probed = probe(registry, options());
  EXPECT_TRUE(probed) << probed.error().message;
  return probed.value_or(Capabilities{});
}

Capabilities probe_reference(const std::string& profile, const std::vector<std::string>& deviations = {}) {
  registry::ServerOptions server_options;
  server_options.profile = profile;
  server_options.deviations = deviations;
  const auto server = registry::Server::start(server_options);
  EXPECT_TRUE(server) << server.error();
  return server ? probe_at((*server)->url()) : Capabilities{};
}

std::set<std::string> absent(const Capabilities& capabilities) {
  std::set<std::string> names;
  for (const auto& [capability, finding] : capabilities) {
    if (!finding.present) names.emplace(name(capability));
  }
  return names;
}

TEST(ProbeTest, TheReferenceRegistryCanDoEverythingAndTheProbeShowsHow) {
  const Capabilities found = probe_reference("oci-1.1");
  EXPECT_THAT(absent(found), IsEmpty());
  for (const Capability capability : all_capabilities()) {
    ASSERT_TRUE(found.contains(capability)) << name(capability);
    EXPECT_THAT(found.at(capability).evidence, HasSubstr("answered")) << name(capability);
    EXPECT_THAT(found.at(capability).exchanges, Not(IsEmpty())) << name(capability);
    EXPECT_THAT(found.at(capability).evidence, Not(HasSubstr("not asked"))) << name(capability);
  }
}

TEST(ProbeTest, EvidenceIsTheSameInEveryRun) {
  const Capabilities first = probe_reference("oci-1.1");
  const Capabilities second = probe_reference("oci-1.1");
  for (const Capability capability : all_capabilities()) {
    EXPECT_EQ(first.at(capability).evidence, second.at(capability).evidence);
  }
}

TEST(ProbeTest, AnOldRegistryHasNoReferrersApi) {
  EXPECT_EQ(absent(probe_reference("oci-1.0")),
            (std::set<std::string>{"conditional", "referrers", "referrers-filter", "tag-parameters"}));
}

TEST(ProbeTest, LegalVariantsAreAbsences) {
  EXPECT_EQ(absent(probe_reference("oci-1.1", {"v.delete-405"})),
            (std::set<std::string>{"tag-delete", "manifest-delete", "blob-delete"}));
  EXPECT_TRUE(absent(probe_reference("oci-1.1", {"v.mount-202"})).contains("mount"));
}

TEST(ProbeTest, FaultsAreNeverMistakenForAbsences) {
  for (const char* fault : {"r.put.no-oci-subject", "r.ref.404-when-empty", "r.ref.filter-claimed-not-done",
                            "r.ref.filter-done-not-claimed", "r.del.disabled-500", "r.mount.missing-404"}) {
    EXPECT_THAT(absent(probe_reference("oci-1.1", {fault})), IsEmpty()) << fault;
  }
}

// The reference registry with some answers replaced on the way: whatever a real registry may say to one question.
class Tampered {
 public:
  using Rule = std::function<std::optional<FakeResponse>(const FakeRequest&)>;

  explicit Tampered(Rule rule)
      : server_(registry::Server::start({})), front_([this, rule = std::move(rule)](const FakeRequest& request) {
          if (auto replaced = rule(request)) return *replaced;
          if (request.body.size() > 8'000'000) return FakeResponse{413, {}, ""};  // what it would answer, sooner
          return forward(request);
        }) {
    EXPECT_TRUE(server_) << server_.error();
  }
  [[nodiscard]] std::string url() const { return front_.url(); }
  [[nodiscard]] const FakeServer& front() const { return front_; }

 private:
  FakeResponse forward(const FakeRequest& request) {
    http::Request out;
    out.method = request.method;
    out.url = (*server_)->url() + request.target;
    for (const char* name : {"content-type", "accept", "range"}) {
      if (request.headers.contains(name)) out.headers.add(name, request.header(name));
    }
    out.body = request.body;
    out.has_body = request.headers.contains("content-length");
    const Result result = client_->send(out);
    if (!result) return {502, {}, ""};
    FakeResponse response{result->status, {}, result->body};
    for (const auto& [name, value] : result->headers) {
      if (!http::iequals(name, "content-length") && !http::iequals(name, "connection"))
        response.headers.emplace_back(name, value);
    }
    return response;
  }

  std::shared_ptr<http::Client> client_ = test_client();
  tl::expected<std::unique_ptr<registry::Server>, std::string> server_;
  FakeServer front_;
};

struct Tampering {
  const char* method;
  const char* part;  ///< of the target
  int status;
  std::set<std::string> absent;
};

class TamperedProbeTest : public ::testing::TestWithParam<Tampering> {};

TEST_P(TamperedProbeTest, FindsJustThisAbsence) {
  const Tampering& rule = GetParam();
  const Tampered registry([&rule](const FakeRequest& request) -> std::optional<FakeResponse> {
    if (request.method != rule.method || request.target.find(rule.part) == std::string::npos) return std::nullopt;
    return FakeResponse{rule.status, {}, ""};
  });
  EXPECT_EQ(absent(probe_at(registry.url())), rule.absent);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, TamperedProbeTest,
    ::testing::Values(
        Tampering{"POST", "?digest=", 202, {"single-post"}}, Tampering{"POST", "?digest=", 500, {}},
        Tampering{"POST", "&from=", 202, {"mount"}}, Tampering{"POST", "&from=", 404, {}},
        Tampering{"DELETE", "/blobs/uploads/", 405, {"upload-cancel"}},
        Tampering{"DELETE", "/blobs/uploads/", 404, {"upload-cancel"}}, Tampering{"DELETE", "/blobs/uploads/", 500, {}},
        Tampering{"POST", "digest-algorithm=sha512", 400, {"sha512"}},
        Tampering{"POST", "digest-algorithm=sha512", 500, {}}, Tampering{"GET", "/tags/list", 404, {"tag-list"}},
        Tampering{"GET", "/tags/list", 500, {}}, Tampering{"PUT", "?tag=", 201, {"tag-parameters"}},
        Tampering{"PUT", "?tag=", 400, {"tag-parameters"}}, Tampering{"PUT", "?tag=", 500, {}},
        Tampering{"GET", "/manifests/probe", 200, {"conditional"}}, Tampering{"GET", "/manifests/probe", 500, {}},
        Tampering{"GET", "/referrers/", 404, {}}, Tampering{"GET", "/referrers/", 500, {}},
        Tampering{"GET", "/referrers/", 0, {}}, Tampering{"DELETE", "/manifests/probe-deleted", 400, {"tag-delete"}},
        Tampering{"DELETE", "/manifests/probe-deleted", 403, {}},
        Tampering{"DELETE", "/manifests/sha256", 405, {"manifest-delete"}},
        Tampering{"DELETE", "/blobs/sha256", 400, {"blob-delete"}}, Tampering{"DELETE", "/blobs/sha256", 0, {}}));

TEST(TamperedTest, BodiesAndHeadersDecideTheRest) {
  const Tampered registry([](const FakeRequest& request) -> std::optional<FakeResponse> {
    if (request.headers.contains("range")) return FakeResponse{200, {}, "the whole blob"};
    if (request.header("content-type").find("docker") != std::string::npos) return FakeResponse{415, {}, ""};
    if (request.header("content-type") == oci::media_type::kIndex) return FakeResponse{400, {}, ""};
    if (request.body.size() > 4'000'000) return FakeResponse{201, {}, ""};
    return std::nullopt;
  });
  EXPECT_EQ(absent(probe_at(registry.url())),
            (std::set<std::string>{"range", "docker-media-types", "sparse-index", "manifest-limit"}));
}

TEST(TamperedTest, AListThatIsWholeAndUnclaimedIsNoFilter) {
  const Tampered registry([](const FakeRequest& request) -> std::optional<FakeResponse> {
    const std::size_t at = request.target.find("?artifactType=");
    if (at == std::string::npos) return std::nullopt;
    // Any list that names every manifest that was pushed.
    return FakeResponse{200, {}, "{}"};
  });
  // Filtered (nothing of the other type is in it) though not claimed: the check shall say so.
  EXPECT_THAT(absent(probe_at(registry.url())), IsEmpty());
}

TEST(TamperedTest, OpenSessionsAreCancelled) {
  int sessions = 0;
  const Tampered registry([&sessions](const FakeRequest& request) -> std::optional<FakeResponse> {
    if (request.method == "POST" && request.target.find("mount=") != std::string::npos) {
      return FakeResponse{202, {{"Location", "/v2/p/one/blobs/uploads/session-" + std::to_string(++sessions)}}, ""};
    }
    if (request.method == "DELETE" && request.target.find("session-") != std::string::npos) {
      return FakeResponse{204, {}, ""};
    }
    return std::nullopt;
  });
  EXPECT_EQ(absent(probe_at(registry.url())), (std::set<std::string>{"mount", "mount-without-from"}));
  EXPECT_EQ(registry.front().count("DELETE", "session-1"), 1U);
  EXPECT_EQ(registry.front().count("DELETE", "session-2"), 1U);
}

}  // namespace
}  // namespace referee::distribution
