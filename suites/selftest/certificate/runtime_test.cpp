// Certificates of runtimes: what holds is certified, and nothing else.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "referee/certificate/runtime_run.hpp"
#include "referee/signing/bundle.hpp"

namespace referee::certificate::test {
namespace {

using conformance::Verdict;
using nlohmann::json;
using testing::HasSubstr;

std::string why_not(const RuntimeRun& run, const std::vector<std::string>& profiles = {}) {
  const Folder folder;
  write_runtime_run(folder, run);
  auto wanted = order(folder);
  wanted.profiles = profiles;
  const auto made = certify(wanted, vendor(), build(), world().book(), judged_as(run));
  return made ? "" : made.error();
}

class RuntimeCertificate : public testing::Test {
 protected:
  RuntimeCertificate() {
    write_runtime_run(run_, runtime_run());
    const auto made = certify(order(run_), vendor(), build(), world().book(), judged_as(runtime_run()));
    EXPECT_TRUE(made) << made.error();
    if (!made) return;
    for (const auto& [name, bytes] : made->files) folder_.write(name, bytes);
    claims_ = made->claims;
  }
  [[nodiscard]] std::string refused(const RuntimeRun& run = runtime_run()) const {
    return refusal(folder_, vendor().public_key(), noon(), judged_as(run));
  }

  Folder run_;
  Folder folder_;
  std::vector<Claim> claims_;
};

TEST_F(RuntimeCertificate, HoldsAndSaysWhatWasSeen) {
  ASSERT_EQ(claims_.size(), 1U);
  EXPECT_EQ(claims_[0].profile, "runtime");
  EXPECT_THAT(claims_[0].passed, testing::ElementsAre("image"));
  EXPECT_EQ(refused(), "");
  folder_.write("notes.txt", "mine");
  const auto verified =
      verify(folder_.path(), vendor().public_key(), noon(), build(), world().book(), judged_as(runtime_run()));
  ASSERT_TRUE(verified) << verified.error().why;
  EXPECT_EQ(verified->target, "toy|man");
  EXPECT_EQ(verified->checks, 3U);
  EXPECT_THAT(verified->not_covered, testing::ElementsAre(HasSubstr("notes.txt")));
  EXPECT_THAT(folder_.read("README.md"), HasSubstr("referee runtime 'toy|man' --platform linux/amd64 --seed 1"));
  EXPECT_THAT(folder_.read("README.md"), HasSubstr("- nested"));
  EXPECT_THAT(folder_.read("PRODUCT.yaml"), HasSubstr("type: runtime"));
}

TEST_F(RuntimeCertificate, NoFileMayBeAnother) {
  for (const auto* name : {"pulls.jsonl", "matrix.json", "matrix.md", "report.html", "results.json", "junit.xml",
                           "PRODUCT.yaml", "README.md", "badge.svg", "badge.json"}) {
    const auto before = folder_.read(name);
    auto bytes = before;
    bytes[bytes.size() / 2] = bytes[bytes.size() / 2] == 'x' ? 'y' : 'x';
    folder_.write(name, bytes);
    EXPECT_THAT(refused(), HasSubstr(std::string(name) + " was changed")) << name;
    // Also if the vendor signs it. His own words in PRODUCT.yaml are his.
    if (std::string_view(name) != "PRODUCT.yaml") {
      sign_again(folder_);
      EXPECT_NE(refused(), "") << name;
    }
    folder_.write(name, before);
    sign_again(folder_);
    EXPECT_EQ(refused(), "") << name;
  }
}

TEST_F(RuntimeCertificate, AnEditedVerdictIsNamed) {
  folder_.edit("matrix.json", R"("verdict": "warn")", R"("verdict": "pass")");
  sign_again(folder_);
  EXPECT_THAT(refused(), HasSubstr("matrix.json, nested with toy|man: `verdict` is pass, the run gives warn"));
}

TEST_F(RuntimeCertificate, WhatWasSeenDecides) {
  auto other = runtime_run();
  other.matrix.cells[0].verdict = Verdict::kFail;
  EXPECT_THAT(refused(other), HasSubstr("matrix.json, image with toy|man"));
  for (const auto& [name, text] : runtime_reports(other.matrix, world().ledger)) folder_.write(name, text);
  sign_again(folder_);
  EXPECT_THAT(refused(other), HasSubstr("does not show the profile runtime: fail image"));
}

TEST_F(RuntimeCertificate, TheStatementFollowsFromTheRun) {
  const auto entry = [](json& statement, std::size_t at) -> json& {
    return statement["predicate"]["configuration"][at];
  };
  sign_again(folder_, [&](json& s) { entry(s, 2)["annotations"]["client_version"] = "9.9"; });
  EXPECT_THAT(refused(), HasSubstr("9.9"));
  sign_again(folder_, [&](json& s) { entry(s, 2)["annotations"]["client_version"] = "1.0"; });
  EXPECT_EQ(refused(), "");
  sign_again(folder_, [&](json& s) { entry(s, 1)["digest"]["sha256"] = std::string(64, '3'); });
  EXPECT_THAT(refused(), HasSubstr("does not follow"));
  sign_again(folder_, [&](json& s) { entry(s, 1)["digest"]["sha256"] = std::string(64, '1'); });
  sign_again(folder_, [&](json& s) { entry(s, 2)["name"] = "target"; });
  EXPECT_NE(refused(), "") << "a registry's has other files";
}

TEST_F(RuntimeCertificate, OtherContentsAreUndecided) {
  RejudgeOptions options;
  options.runtime = [](std::string_view) { return tl::unexpected(NotJudged{"made with other contents", "sha256:1"}); };
  const auto refused_by = [&] { return refusal(folder_, vendor().public_key(), noon(), options); };
  EXPECT_EQ(refused_by(), "made with other contents") << "this very commit knows its own";
  sign_again(folder_, [&](json& statement) {
    statement["predicate"]["configuration"][0]["digest"]["gitCommit"] = std::string(40, 'b');
  });
  EXPECT_THAT(refused_by(), testing::AllOf(testing::StartsWith("undecided: "), HasSubstr("commit bbbb")));
  folder_.write("pulls.jsonl", R"({"kind":"head","version":"1","commit":"c","contents":"sha256:2"})"
                               "\n");
  sign_again(folder_);
  EXPECT_THAT(refused_by(), testing::AllOf(testing::StartsWith("the certificate"), HasSubstr("does not follow")));
}

TEST_F(RuntimeCertificate, AKeyOfSomebodyElse) {
  const auto other = signing::PrivateKey::from_seed(signing::KeyType::kEcdsaP256, 2, "other").public_key();
  EXPECT_THAT(refusal(folder_, other, noon(), judged_as(runtime_run())), HasSubstr("another key signed"));
  EXPECT_THAT(refusal(folder_), HasSubstr("cannot be verified here"));
}

TEST(RuntimeClaims, AreRefusedWithTheReason) {
  auto run = runtime_run();
  run.matrix.cells[0].verdict = Verdict::kInconclusive;
  EXPECT_THAT(why_not(run), HasSubstr("inconclusive image"));
  run = runtime_run();
  run.left_out = {"nested-2", "nested-3"};
  EXPECT_THAT(why_not(run), HasSubstr("left out 2 contents, nested-2 for instance"));
  run = runtime_run();
  run.matrix.columns.push_back(run.matrix.columns.front());
  EXPECT_THAT(why_not(run), HasSubstr("of 2 runtimes"));
  run = runtime_run();
  run.matrix.columns.front().absent = "not installed: toy is missing";
  EXPECT_THAT(why_not(run), HasSubstr("not installed"));
  run = runtime_run();
  run.commit = std::string(40, 'b');
  EXPECT_THAT(why_not(run), HasSubstr("certify with the Referee that judged"));
  EXPECT_THAT(why_not(runtime_run(), {"push"}), HasSubstr("does not show the profile push: it is of a runtime"));
  EXPECT_EQ(why_not(runtime_run(), {"runtime"}), "");
}

TEST(RuntimeClaims, ReportsFollowFromThePulls) {
  const Folder folder;
  write_runtime_run(folder, runtime_run());
  folder.edit("matrix.md", "nested", "nestor");
  const auto made = certify(order(folder), vendor(), build(), world().book(), judged_as(runtime_run()));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), HasSubstr("matrix.md is not what follows from pulls.jsonl"));
}

TEST(RuntimeClaims, ARegistrysRunShowsNone) {
  auto wanted = order(sound_run());
  wanted.profiles = {"runtime"};
  const auto made = certify(wanted, vendor(), build(), world().book());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), HasSubstr("the suite runtime was not run"));
}

}  // namespace
}  // namespace referee::certificate::test
