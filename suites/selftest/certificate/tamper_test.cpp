// Whatever is changed in a submission is found: by the signature, and if the vendor signs it again, by judging again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "referee/oci/base64.hpp"
#include "tampering.hpp"

namespace referee::certificate::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Tampering, NothingIsRefusedThatWasNotTouched) {
  EXPECT_EQ(refusal(copy_), "");
  sign_again(copy_);
  EXPECT_EQ(refusal(copy_), "") << "the tests sign as certify does";
}

TEST_F(Tampering, OneByteOfAnyFile) {
  for (const std::string name : {"results.json", "recording.jsonl", "report.html", "junit.xml", "PRODUCT.yaml",
                                 "README.md", "badge.svg", "badge.json"}) {
    const auto whole = copy_.read(name);
    auto changed = whole;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    copy_.write(name, changed);
    EXPECT_EQ(refusal(copy_), name + " was changed: it does not have the digest that was signed");
    copy_.write(name, whole);
  }
  EXPECT_EQ(refusal(copy_), "");
}

TEST_F(Tampering, AWrongKey) {
  const auto other = signing::PrivateKey::from_seed(signing::KeyType::kEcdsaP256, 2, "somebody");
  EXPECT_THAT(refusal(copy_, other.public_key()), HasSubstr("another key signed"));
  sign_again(copy_, {}, other);
  EXPECT_THAT(refusal(copy_), HasSubstr("another key signed"));
}

TEST_F(Tampering, TheSignature) {
  auto bundle = json::parse(copy_.read(std::string(kBundleFile)));
  auto& text = bundle["dsseEnvelope"]["signatures"][0]["sig"].get_ref<std::string&>();
  auto bytes = oci::base64_decode(text).value();
  bytes[bytes.size() - 1] = static_cast<char>(bytes[bytes.size() - 1] ^ 1);
  text = oci::base64_encode(bytes);
  copy_.write(std::string(kBundleFile), bundle.dump());
  EXPECT_THAT(refusal(copy_), HasSubstr("the signature is not that of this key over this statement"));
}

TEST_F(Tampering, TheStatementWithoutASignature) {
  auto bundle = json::parse(copy_.read(std::string(kBundleFile)));
  auto& payload = bundle["dsseEnvelope"]["payload"].get_ref<std::string&>();
  auto statement = json::parse(oci::base64_decode(payload).value());
  configuration(statement, "referee")["annotations"]["expires"] = "2099-01-01T00:00:00Z";
  payload = oci::base64_encode(statement.dump());
  copy_.write(std::string(kBundleFile), bundle.dump());
  EXPECT_THAT(refusal(copy_), HasSubstr("or the certificate was changed"));
}

TEST_F(Tampering, TheTime) {
  EXPECT_THAT(refusal(copy_, vendor().public_key(), noon() + std::chrono::days(366)),
              HasSubstr("the certificate expired at"));
  EXPECT_THAT(refusal(copy_, vendor().public_key(), noon() - std::chrono::days(2)), HasSubstr("dated ahead"));
  sign_again(copy_, [](json& statement) {
    configuration(statement, "referee")["annotations"]["issued"] = signing::format_time(noon() - std::chrono::days(9));
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("before the run began"));
  sign_again(copy_, [](json& statement) { configuration(statement, "referee")["annotations"].erase("expires"); });
  EXPECT_THAT(refusal(copy_), HasSubstr("does not say from when until when"));
}

TEST_F(Tampering, AVerdictSignedAgain) {
  auto edited = results();
  auto& one = check(edited, "oci-1.1/delete/manifest");
  one["verdict"] = "observed";
  results(edited);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("results.json does not follow from the recording: oci-1.1/delete/manifest: "
                                        "results.json says observed, the recording gives pass"));
}

TEST_F(Tampering, ARequirementSignedAgain) {
  auto edited = results();
  check(edited, "oci-1.1/tags/list")["requirements"][0]["text"] = "A must not.";
  results(edited);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), AllOf(HasSubstr("oci-1.1/tags/list"), HasSubstr("another `requirements`")));
}

TEST_F(Tampering, ACapabilitySignedAgain) {
  auto edited = results();
  edited["run"]["capabilities"]["referrers"]["present"] = false;
  results(edited);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("capability referrers: results.json says"));
}

TEST_F(Tampering, ACheckLeftOutSignedAgain) {
  auto edited = results();
  edited["checks"].erase(edited["checks"].size() - 2);
  results(edited);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("does not follow from the recording"));
}

TEST_F(Tampering, TheSuiteVersionSignedAgain) {
  const auto other = "sha256:" + std::string(64, '0');
  sign_again(copy_, [&](json& statement) { configuration(statement, "suite")["digest"]["sha256"] = other.substr(7); });
  EXPECT_THAT(refusal(copy_), StartsWith("the certificate is by another suite"));
  sign_again(copy_, [&](json& statement) {
    configuration(statement, "suite")["digest"]["sha256"] =
        conformance::suite_digest(world().catalogue, world().ledger).substr(7);
    configuration(statement, "referee")["annotations"]["version"] = "9.9.9";
  });
  EXPECT_THAT(refusal(copy_), StartsWith("the certificate is by version 9.9.9 of Referee"));
  sign_again(copy_, [&](json& statement) {
    configuration(statement, "referee")["annotations"]["version"] = build().version;
    configuration(statement, "referee")["digest"]["gitCommit"] = kCommit + "+dirty";
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("built from changed sources"));
  sign_again(copy_, [&](json& statement) {
    configuration(statement, "referee")["digest"]["gitCommit"] = std::string(40, 'b');
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("the statement does not follow from the run"));
}

// Nothing is wrong with what another Referee judged: this one cannot tell, and says which one can.
TEST_F(Tampering, AnotherRefereesRunIsUndecided) {
  const auto own = conformance::suite_digest(world().catalogue, world().ledger);
  const std::string suite(64, '0');
  const std::string commit(40, 'b');
  copy_.edit("recording.jsonl", own, "sha256:" + suite);
  copy_.edit("recording.jsonl", R"("commit":")" + kCommit, R"("commit":")" + commit);
  seal_again(copy_);
  const auto judged_by = [&](const std::string& version) {
    return [&, version](json& statement) {
      configuration(statement, "suite")["digest"]["sha256"] = suite;
      configuration(statement, "referee")["digest"]["gitCommit"] = commit;
      configuration(statement, "referee")["annotations"]["version"] = version;
    };
  };
  const auto which = "verify with the Referee that judged, version " + build().version + ", commit " + commit;
  sign_again(copy_, judged_by(build().version));
  EXPECT_THAT(refusal(copy_),
              AllOf(HasSubstr("undecided: not decided: the certificate is by another suite, sha256:000"),
                    HasSubstr(own), HasSubstr(which)));

  // The statement and its run have to be of the same.
  sign_again(copy_, judged_by("9.9.9"));
  EXPECT_THAT(refusal(copy_), AllOf(StartsWith("the certificate is by version 9.9.9"), HasSubstr("does not follow")));
  copy_.edit("recording.jsonl", R"("tool_version":")" + build().version, R"("tool_version":"9.9.9)");
  sign_again(copy_, judged_by("9.9.9"));
  EXPECT_THAT(refusal(copy_), AllOf(StartsWith("undecided: "), HasSubstr("version 9.9.9, commit bbb")));

  // What everybody can see is decided all the same.
  EXPECT_THAT(refusal(copy_, vendor().public_key(), noon() + std::chrono::days(366)),
              StartsWith("the certificate expired"));
  copy_.edit("results.json", R"("verdict": "pass")", R"("verdict": "fail")");
  EXPECT_THAT(refusal(copy_), StartsWith("results.json was changed"));
}

TEST_F(Tampering, TheStatementOfAnotherRefereeWithoutASignature) {
  auto bundle = json::parse(copy_.read(std::string(kBundleFile)));
  auto& payload = bundle["dsseEnvelope"]["payload"].get_ref<std::string&>();
  auto statement = json::parse(oci::base64_decode(payload).value());
  configuration(statement, "referee")["annotations"]["version"] = "9.9.9";
  payload = oci::base64_encode(statement.dump());
  copy_.write(std::string(kBundleFile), bundle.dump());
  EXPECT_THAT(refusal(copy_), StartsWith("the signature is not that of this key"));
}

TEST_F(Tampering, TheRecordingsSuiteSignedAgain) {
  copy_.edit("recording.jsonl", conformance::suite_digest(world().catalogue, world().ledger),
             "sha256:" + std::string(64, '0'));
  seal_again(copy_);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("the recording was made with another suite"));
}

TEST_F(Tampering, OneByteOfTheRecordingSignedAgain) {
  copy_.edit("recording.jsonl", "\"status\":202", "\"status\":203");
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("the recording was changed")) << "it is closed by its digest";
}

TEST_F(Tampering, AnAnswerOfTheRecordingClosedAndSignedAgain) {
  auto text = copy_.read("recording.jsonl");
  // The first deletion of that check: everything about an answer stands on its line.
  bool replaced = false;
  for (std::size_t from = 0; !replaced && from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = std::string_view(text).substr(from, end - from);
    const auto status = line.find("\"status\":202");
    if (line.find(R"("part":"oci-1.1/delete/manifest")") != std::string_view::npos &&
        line.find(R"("method":"DELETE")") != std::string_view::npos && status != std::string_view::npos) {
      text.replace(from + status, 12, "\"status\":200");
      replaced = true;
    }
    from = end + 1;
  }
  ASSERT_TRUE(replaced);
  copy_.write("recording.jsonl", text);
  seal_again(copy_);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("oci-1.1/delete/manifest: results.json says pass, the recording gives fail"));
}

TEST_F(Tampering, AnotherQuestionInTheRecording) {
  copy_.edit("recording.jsonl", R"("method":"DELETE")", R"("method":"DELETF")");
  seal_again(copy_);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("has no answer to DELETE"));
}

TEST_F(Tampering, AnotherRegistrysRecording) {
  const Folder other;
  judge(other, {"v.lowercase-headers"});
  copy_.write("recording.jsonl", other.read("recording.jsonl"));
  EXPECT_THAT(refusal(copy_), HasSubstr("recording.jsonl was changed"));
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_),
              HasSubstr("results.json does not follow from the recording: results.json is of http://127.0.0.1"));
  // With its results as well: the statement is about another target.
  copy_.write("results.json", other.read("results.json"));
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("the statement does not follow from the run: `configuration[2]."));
}

TEST_F(Tampering, ANameWithTwoValuesSignedAgain) {
  copy_.edit("results.json", R"("verdict": "pass")", R"("verdict": "fail", "verdict": "pass")");
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("results.json gives one name two values"));
}

TEST_F(Tampering, WhatNoRunSaysSignedAgain) {
  auto edited = results();
  edited["run"]["vendor_says"] = "perfect";
  check(edited, "oci-1.1/delete/manifest")["score"] = 1e308;
  results(edited);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("the run: results.json has `vendor_says`, which no run has"));
}

TEST_F(Tampering, AnotherNameOfTheTargetSignedAgain) {
  auto target = "\"" + results()["run"]["target"].get<std::string>() + "\"";
  const auto rename = [&](const std::string& name) {
    copy_.edit("results.json", target, name);
    copy_.edit("recording.jsonl", "\"target\":" + target, "\"target\":" + name);
    target = name;
    seal_again(copy_);
    sign_again(copy_);
  };
  rename(R"("registry.big.example")");
  EXPECT_THAT(refusal(copy_), HasSubstr("says that registry.big.example was judged, and asked http"));
  rename(R"("registry.big.example: holds\ncertified")");
  EXPECT_THAT(refusal(copy_), HasSubstr("characters that no address has"));
}

TEST_F(Tampering, ForEver) {
  sign_again(copy_, [](json& statement) {
    for (auto& one : statement["predicate"]["configuration"]) {
      if (one["name"] == "referee") one["annotations"]["expires"] = "9999-12-31T23:59:59Z";
    }
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("holds for more than 1000 days"));
}

TEST_F(Tampering, ANewSeedSignedAgain) {
  auto edited = results();
  edited["run"]["seed"] = "8";
  results(edited);
  copy_.edit("recording.jsonl", R"("seed":"7")", R"("seed":"8")");
  seal_again(copy_);
  sign_again(copy_);
  EXPECT_NE(refusal(copy_), "");
}

TEST_F(Tampering, AClaimTooMany) {
  sign_again(copy_, [](json& statement) {
    configuration(statement, "suite")["annotations"]["profiles"].push_back("proposal-a");
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("the run does not show the profile proposal-a"));
  sign_again(copy_, [](json& statement) {
    configuration(statement, "suite")["annotations"]["profiles"] = {"pull", "push", "discovery", "management"};
    statement["predicate"]["passedTests"].push_back("oci-1.1/made/up");
  });
  EXPECT_THAT(refusal(copy_), HasSubstr("passedTests"));
}

TEST_F(Tampering, HostileStatements) {
  for (const std::function<void(json&)>& change : std::vector<std::function<void(json&)>>{
           [](json& s) { s["predicate"] = 7; }, [](json& s) { s["predicate"]["configuration"] = {{"name", 7}}; },
           [](json& s) { s["predicateType"] = "x"; }, [](json& s) { s["subject"].erase(s["subject"].size() - 1); },
           [](json& s) { s["subject"][0]["name"] = "../results.json"; }, [](json& s) { s["subject"][0]["name"] = ""; },
           [](json& s) { configuration(s, "suite")["annotations"]["profiles"] = {1, 2}; },
           [](json& s) { configuration(s, "target")["uri"] = std::string(5000, '\n'); }}) {
    const Folder fresh;
    fresh.copy_from(submission());
    sign_again(fresh, change);
    EXPECT_NE(refusal(fresh), "");
  }
  const Folder empty;
  EXPECT_THAT(refusal(empty), HasSubstr("cannot read"));
  copy_.write(std::string(kBundleFile), std::string(5000, '['));
  EXPECT_THAT(refusal(copy_), HasSubstr("the certificate is nested too deeply"));
}

}  // namespace
}  // namespace referee::certificate::test
