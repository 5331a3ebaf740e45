// Files of a certificate that say more than `certify` writes, or say it in another way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "referee/signing/bundle.hpp"
#include "tampering.hpp"

namespace referee::certificate::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

using Strictness = Tampering;

/// The statement's text is signed as it is: also what a parser would not show.
void sign_text(const Folder& folder, const std::string& from, const std::string& to) {
  const auto claim = signing::read_bundle(folder.read(std::string(kBundleFile)));
  ASSERT_TRUE(claim);
  auto text = claim->document;
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  folder.write(std::string(kBundleFile), signing::bundle_json(vendor(), signing::kInTotoType, text));
}

TEST_F(Strictness, NamesThatNoCertificateHas) {
  const std::pair<std::function<void(json&)>, const char*> changes[] = {
      {[](json& s) { s["endorsed_by"] = "everybody"; }, "the statement has `endorsed_by`, which no certificate has"},
      {[](json& s) { s[""] = 1; }, "the statement has an empty name"},
      {[](json& s) { s[std::string(5000, 'x')] = 1; }, "the statement has a name of 5000 bytes"},
      {[](json& s) { s["subject"][0]["uri"] = "x"; }, "a subject of the statement has `uri`"},
      {[](json& s) { s["subject"][0]["digest"]["md5"] = "x"; }, "a digest in the statement has `md5`"},
      {[](json& s) { s["subject"].push_back(s["subject"][0]); }, "the statement names `PRODUCT.yaml` twice"},
      {[](json& s) { s["predicate"]["score"] = 5; }, "the predicate has `score`, and no run gives that"},
      {[](json& s) { s["predicate"][""] = 5; }, "the predicate has an empty name, and no run gives that"},
      {[](json& s) { s["predicate"]["warnedTests"].push_back(""); }, "`warnedTests` has an empty text"},
      {[](json& s) { s["predicate"]["passedTests"].erase(0); }, "`passedTests"},
      {[](json& s) { s["predicate"].erase("failedTests"); }, "`failedTests` is missing"}};
  for (const auto& [change, why] : changes) {
    const Folder fresh;
    fresh.copy_from(submission());
    sign_again(fresh, change);
    EXPECT_THAT(refusal(fresh), HasSubstr(why));
  }
}

TEST_F(Strictness, ANameThatIsTwiceInTheStatement) {
  sign_text(copy_, R"("predicateType")", R"("_type":"https://in-toto.io/Statement/v1","predicateType")");
  EXPECT_THAT(refusal(copy_), HasSubstr("`_type` twice"));
}

TEST_F(Strictness, ABundleWithMoreThanItsSignature) {
  const auto whole = json::parse(copy_.read(std::string(kBundleFile)));
  const std::pair<std::function<void(json&)>, const char*> changes[] = {
      {[](json& b) { b["note"] = "approved"; }, "the certificate has `note`, which no certificate has"},
      {[](json& b) { b["verificationMaterial"]["tlogEntries"] = json::array(); }, "has `tlogEntries`"},
      {[](json& b) { b["dsseEnvelope"]["signatures"][0]["keyid"] = "x"; }, "the certificate's signature has `keyid`"},
      {[](json& b) { b["dsseEnvelope"]["signatures"].push_back({{"sig", ""}}); }, "does not have one signature"},
      {[](json& b) { b["verificationMaterial"]["publicKey"].erase("hint"); }, "has no `hint`"}};
  for (const auto& [change, why] : changes) {
    auto bundle = whole;
    change(bundle);
    copy_.write(std::string(kBundleFile), bundle.dump());
    EXPECT_THAT(refusal(copy_), HasSubstr(why));
  }
  const auto text = whole.dump();
  copy_.write(std::string(kBundleFile), R"({"mediaType":"x",)" + text.substr(1));
  EXPECT_THAT(refusal(copy_), HasSubstr("the certificate has `mediaType` twice"));
  copy_.write(std::string(kBundleFile), text + std::string(1, '\0'));
  EXPECT_THAT(refusal(copy_), HasSubstr("the certificate is no JSON object"));
}

TEST_F(Strictness, WhatTheRecordingsFirstLineMayNotSay) {
  const std::pair<std::pair<const char*, const char*>, const char*> changes[] = {
      {{R"("kind":"run")", R"("kind":"run","mood":1)"}, "has `mood`, which no run writes"},
      {{R"("kind":"run")", R"("kind":"run","":1)"}, "has an empty name, which no run writes"},
      {{R"("kind":"run")", R"("kind":"run","seed":"8")"}, "has `seed` twice"},
      {{R"("seed":"7")", R"("seed":"7x")"}, "`seed` is no number"},
      {{R"("seed":"7")", R"("seed":"07")"}, "`seed` is no number"},
      {{R"("seed":"7")", R"("seed":7)"}, "`seed` is no text"},
      {{R"("jobs":2)", R"("jobs":2.5)"}, "`jobs` is no whole number from 1 to 64"},
      {{R"("jobs":2)", R"("jobs":99)"}, "`jobs` is no whole number from 1 to 64"},
      {{R"("strict":false)", R"("strict":0)"}, "`strict` is neither"},
      {{R"("repositories":[])", R"("repositories":["a","a"])"}, "`repositories` names something twice"}};
  for (const auto& [edit, why] : changes) {
    const Folder fresh;
    fresh.copy_from(submission());
    fresh.edit("recording.jsonl", edit.first, edit.second);
    seal_again(fresh);
    sign_again(fresh);
    EXPECT_THAT(refusal(fresh), HasSubstr(why));
  }
}

TEST_F(Strictness, APartOfTheRecordingThatNoCheckUses) {
  auto text = copy_.read("recording.jsonl");
  text.insert(text.find('\n') + 1, R"({"kind":"part","part":"oci-1.1/made/up","answers":0})"
                                   "\n");
  copy_.write("recording.jsonl", text);
  seal_again(copy_);
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("has a part of no check of the run: `oci-1.1/made/up`"));
}

TEST_F(Strictness, TextsForPeopleSignedAgain) {
  for (const std::string name : {"README.md", "badge.svg", "badge.json"}) {
    const Folder fresh;
    fresh.copy_from(submission());
    fresh.write(name, fresh.read(name) + " ");
    sign_again(fresh);
    EXPECT_THAT(refusal(fresh), HasSubstr(name + " is not what follows"));
  }
  copy_.edit("PRODUCT.yaml", "type: distribution", "type: everything");
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("PRODUCT.yaml is not what follows"));
  copy_.edit("PRODUCT.yaml", "type: everything", "type: distribution");
  copy_.edit("PRODUCT.yaml", "name: \"Registry\"", "name: \"Other\"");
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("README.md is not what follows")) << "it names the product";
  copy_.edit("PRODUCT.yaml", "name: \"Other\"", "name: \"Registry\"\nowner: x");
  sign_again(copy_);
  EXPECT_THAT(refusal(copy_), HasSubstr("PRODUCT.yaml is not what `certify` writes: there is no line `version`"));
}

TEST_F(Strictness, WhatLiesBesideIsNamedAndLinksAreRefused) {
  copy_.write("more.txt", "all passed");
  std::filesystem::create_directory(copy_.path() + "/folder");
  const auto verified = verify(copy_.path(), vendor().public_key(), noon(), build(), world().book());
  ASSERT_TRUE(verified) << verified.error().why;
  EXPECT_THAT(verified->not_covered, testing::ElementsAre("`folder`", "`more.txt`"));
  std::filesystem::rename(copy_.path() + "/report.html", copy_.path() + "/page.html");
  std::filesystem::create_symlink("page.html", copy_.path() + "/report.html");
  EXPECT_THAT(refusal(copy_), HasSubstr("`report.html` is a link"));
}

TEST_F(Strictness, ACurlLineSignedAgain) {
  const Folder broken;
  judge(broken, {"r.ref.null-list"});
  EXPECT_THAT(rejudge(broken.path(), world().book()).value().differences, testing::IsEmpty());
  broken.edit("results.json", "curl -i", "curl -k");
  EXPECT_THAT(rejudge(broken.path(), world().book()).value().differences,
              testing::ElementsAre(HasSubstr("another `failures`")));
}

}  // namespace
}  // namespace referee::certificate::test
