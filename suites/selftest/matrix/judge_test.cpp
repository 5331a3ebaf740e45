// What is made of a pull: success and failure, right and wrong objects, on points that are clear and that are open.
#include "matrix/judge.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace referee::suites::matrix {
namespace {

using conformance::MatrixCell;
using conformance::Standing;
using conformance::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const oci::Platform kHost{"amd64", "linux", "", ""};

const Shape& shape(const std::string& id) {
  static const auto kAll = shapes(1, kHost);
  return *std::ranges::find(kAll, id, &Shape::id);
}

/// The digest of the manifest of this label, or of its config.
std::string digest_of(const Shape& from, const std::string& label, bool config = false) {
  for (const auto& part : from.parts) {
    if (part.label == label && part.is_blob == config) return part.content.digest().str();
  }
  ADD_FAILURE() << from.id << " has no " << label;
  return "";
}

runtimes::PullResult success(std::vector<std::string> digests) {
  runtimes::PullResult result;
  result.digests = std::move(digests);
  if (result.digests.empty()) result.unreadable = "it is nowhere";
  return result;
}

runtimes::PullResult failure() {
  runtimes::PullResult result;
  result.pull.exit_code = 125;
  result.pull.err = "Error: no image here\n";
  return result;
}

MatrixCell judged(const std::string& id, const runtimes::PullResult& result, const Traffic& traffic = {},
                  runtimes::Role role = runtimes::Role::kRuntime) {
  return judge_pull(shape(id), expectation(shape(id), kHost), "toy", role, seen(result, traffic),
                    conformance::Ledger::builtin());
}

TEST(Judge, TheRightObjectIsKnownByItsManifestAndByItsConfig) {
  for (const bool config : {false, true}) {
    const auto cell =
        judged("flat-arm64-windows-image", success({digest_of(shape("flat-arm64-windows-image"), "image", config)}));
    EXPECT_EQ(cell.standing, Standing::kRight);
    EXPECT_EQ(cell.verdict, Verdict::kPass);
    EXPECT_EQ(cell.selected, "image");
    EXPECT_EQ(cell.outcome(), "right, image, exit 0");
  }
}

TEST(Judge, SuccessWithAnotherObjectIsTheWorst) {
  const auto cell = judged("two-matching", success({digest_of(shape("two-matching"), "second")}));
  EXPECT_EQ(cell.standing, Standing::kWrong);
  EXPECT_EQ(cell.verdict, Verdict::kFail) << "though the rule is a SHOULD";
  EXPECT_EQ(cell.why, "it reports success with second; expected: image");
  EXPECT_EQ(judged("foreign-only", success({digest_of(shape("foreign-only"), "windows")})).standing, Standing::kWrong);
  // An inner index is no image.
  EXPECT_EQ(judged("nested-1", success({digest_of(shape("nested-1"), "index")})).standing, Standing::kWrong);
  EXPECT_EQ(judged("nested-1", success({digest_of(shape("nested-1"), "root")})).standing, Standing::kWrong);
}

TEST(Judge, SuccessWithNothingIsWrongToo) {
  const auto cell = judged("nested-1", success({}));
  EXPECT_EQ(cell.standing, Standing::kWrong);
  EXPECT_THAT(cell.why, HasSubstr("took nothing (it is nowhere)"));
  EXPECT_EQ(judged("foreign-only", success({})).standing, Standing::kWrong);
}

TEST(Judge, WordsThatAreTooLongAreUnclear) {
  auto result = success({});
  result.unread = true;
  EXPECT_EQ(judged("image", result).standing, Standing::kUnclear);
}

TEST(Judge, AnObjectThatNobodyServedIsUnclear) {
  const auto cell = judged("image", success({"sha256:" + std::string(64, 'a')}));
  EXPECT_EQ(cell.standing, Standing::kUnclear);
  EXPECT_EQ(cell.verdict, Verdict::kInconclusive);
}

TEST(Judge, TheIndexBesideTheImageThatItLedToDoesNotCount) {
  const auto& nested = shape("nested-1");
  EXPECT_EQ(judged("nested-1", success({digest_of(nested, "root"), digest_of(nested, "image")})).standing,
            Standing::kRight);
  const auto& two = shape("two-matching");
  EXPECT_EQ(judged("two-matching", success({digest_of(two, "image"), digest_of(two, "second")})).selected,
            "image+second");
  EXPECT_EQ(judged("two-matching", success({digest_of(two, "image"), digest_of(two, "second")})).standing,
            Standing::kWrong);
}

TEST(Judge, FailingWhereThereIsAnImageMattersAsMuchAsItsRule) {
  const auto nested = judged("nested-1", failure());
  EXPECT_EQ(nested.standing, Standing::kFailed);
  EXPECT_EQ(nested.verdict, Verdict::kWarn) << "nested indexes are a SHOULD";
  EXPECT_EQ(nested.words, "Error: no image here");
  EXPECT_EQ(judged("unknown-type-first", failure()).verdict, Verdict::kFail) << "unknown media types are a MUST NOT";
  EXPECT_EQ(judged("entry-annotation-65536", failure()).verdict, Verdict::kObserved) << "a claim";
}

TEST(Judge, RefusingWhereThereIsNothingIsRight) {
  const auto cell = judged("foreign-only", failure());
  EXPECT_EQ(cell.standing, Standing::kRight);
  EXPECT_EQ(cell.verdict, Verdict::kPass);
  EXPECT_EQ(cell.outcome(), "right, nothing, exit 125");
}

TEST(Judge, WhatIsOpenIsObserved) {
  const auto& first = shape("nested-first");
  for (const char* label : {"image", "nested"}) {
    const auto cell = judged("nested-first", success({digest_of(first, label)}));
    EXPECT_EQ(cell.standing, Standing::kAllowed) << label;
    EXPECT_EQ(cell.verdict, Verdict::kObserved) << label;
  }
  // Open which one, but not whether there is one.
  EXPECT_EQ(judged("nested-first", failure()).standing, Standing::kFailed);
  EXPECT_EQ(judged("no-platform", failure()).standing, Standing::kAllowed);
  EXPECT_EQ(judged("image-unknown-layer", failure()).standing, Standing::kAllowed);
  EXPECT_EQ(judged("artifact", success({})).standing, Standing::kAllowed);
}

TEST(Judge, APullThatWasCutOffHasOneOutcome) {
  auto result = failure();
  result.pull.timed_out = true;
  result.pull.exit_code = -1;
  const auto cell = judged("image", result);
  EXPECT_EQ(cell.standing, Standing::kTimeout);
  EXPECT_EQ(cell.verdict, Verdict::kInconclusive);
  EXPECT_EQ(cell.outcome(), "timeout");
}

TEST(Judge, CopiersTakeTheRootAsItIs) {
  const auto copy = [](const std::string& id, const runtimes::PullResult& result) {
    return judged(id, result, {}, runtimes::Role::kCopier);
  };
  EXPECT_EQ(copy("nested-2", success({digest_of(shape("nested-2"), "root")})).standing, Standing::kRight);
  EXPECT_EQ(copy("nested-2", success({digest_of(shape("nested-2"), "image")})).standing, Standing::kWrong);
  EXPECT_EQ(copy("nested-2", failure()).standing, Standing::kFailed);
  EXPECT_EQ(copy("entry-data-only", failure()).standing, Standing::kAllowed) << "a child is not there";
}

TEST(Judge, WhatWasFetchedBesideTheSelectionIsNoted) {
  const auto& one = shape("artifact-unknown-last");
  const auto get = [&](const std::string& label) {
    registry::AccessRecord record;
    record.method = "GET";
    record.status = 200;
    record.target = "/v2/referee/x/blobs/" + digest_of(one, label, true);
    return record;
  };
  Traffic traffic;
  traffic.requests = {get("image"), get("image's blob")};
  const auto selected = success({digest_of(one, "image")});
  EXPECT_THAT(judged(one.id, selected, traffic).notes, IsEmpty());
  traffic.requests.push_back(get("artifact's blob"));
  EXPECT_THAT(judged(one.id, selected, traffic).notes,
              ElementsAre("fetched blobs beside the selection: artifact's blob 1"));
  traffic.requests.assign(1000, get("image"));
  EXPECT_THAT(judged(one.id, selected, traffic).notes, Contains(HasSubstr("more than")));
}

TEST(Judge, ReadingsExplainARuntime) {
  const auto& nested = shape("nested-first");
  const auto flat = judged("nested-first", success({digest_of(nested, "image")}));
  EXPECT_THAT(flat.readings, Contains("flat-first"));
  EXPECT_THAT(flat.readings, Contains("nested-ignored"));
  EXPECT_THAT(flat.readings, Not(Contains("in-order")));
  const auto refused = judged("nested-1", failure());
  EXPECT_THAT(refused.readings, Contains("nested-ignored"));
  EXPECT_THAT(best_readings({flat, refused}), Contains("nested-ignored (2 of 2)"));
  EXPECT_THAT(best_readings({flat, refused}), Not(Contains(HasSubstr("in-order"))));
}

}  // namespace
}  // namespace referee::suites::matrix
