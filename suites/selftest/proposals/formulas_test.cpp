// Requests per operation are what fixtures/formulas.json says, for each variant, with and without inlining and paging.
#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "proposals/proposal_fixture.hpp"

namespace referee::proposals {
namespace {

using Symbols = std::map<std::string, std::uint64_t>;

const nlohmann::json& formulas() {
  static const auto kFormulas =
      nlohmann::json::parse(std::ifstream(std::string(REFEREE_SOURCE_DIR) + "/fixtures/formulas.json"));
  return kFormulas;
}

std::uint64_t value(const nlohmann::json& terms, const Symbols& symbols) {
  std::uint64_t sum = 0;
  for (const auto& [symbol, factor] : terms.items()) sum += factor.get<std::uint64_t>() * symbols.at(symbol);
  return sum;
}

std::uint64_t pages(std::uint64_t entries, std::uint64_t page) {
  return page == 0 ? 1 : std::max<std::uint64_t>(1, (entries + page - 1) / page);
}

struct Case {
  std::string variant;
  bool inlined = false;
  std::uint64_t count = 0;
  std::uint64_t page = 0;  ///< 0: everything on one page
};

// A sanitizer sees no other code at a hundred attachments than at ten, and would take minutes.
#ifdef REFEREE_SANITIZED
constexpr std::array<std::uint64_t, 3> kCounts{0, 1, 10};
#else
constexpr std::array<std::uint64_t, 4> kCounts{0, 1, 10, 100};
#endif

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& variant : variants()) {
    for (const std::uint64_t count : kCounts) {
      for (const bool inlined : {false, true}) {
        if (inlined && !variant.can_inline) continue;
        all.push_back({variant.id, inlined, count, 0});
        const bool paged = variant.id == "A" || variant.id == "D/digest-tag" || variant.id.ends_with("/api");
        if (paged) all.push_back({variant.id, inlined, count, variant.id.ends_with("/api") ? 1U : 7U});
      }
    }
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name;
  for (const char c : info.param.variant) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name + (info.param.inlined ? "_inlined_" : "_") + std::to_string(info.param.count) +
         (info.param.page > 0 ? "_paged" : "");
}

class Formulas : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    settings_.inlined = GetParam().inlined;
    settings_.conditions = false;
    if (variant().id == "A" || variant().id == "D/digest-tag") settings_.page = static_cast<int>(GetParam().page);
    if (variant().id.ends_with("/api") && GetParam().page > 0) deviations_ = {"v.early-paging-referrers"};
    place_ = std::make_unique<Place>(variant(), settings_, "team/app", deviations_);
    ASSERT_TRUE(place_->support().present) << place_->support().evidence;
    subject_ = place_->push(oci::image(random_));
  }

  [[nodiscard]] const Variant& variant() const { return *find_variant(GetParam().variant); }
  [[nodiscard]] const nlohmann::json& rows() const {
    return formulas()["variants"][GetParam().variant][GetParam().inlined ? "inlined" : "by_reference"];
  }
  [[nodiscard]] static Symbols symbols_for(std::uint64_t n, std::uint64_t m) {
    const auto page = GetParam().page;
    return {{"1", 1},
            {"b", 1},
            {"N", n},
            {"M", m},
            {"Nb", n},
            {"any", n > 0 ? 1 : 0},
            {"pages", pages(n, page)},
            {"seek", pages(n + 1, page)}};
  }
  [[nodiscard]] std::uint64_t expected(const std::string& operation, std::uint64_t n, std::uint64_t m) const {
    return value(rows().at(operation), symbols_for(n, m));
  }
  template <typename Work>
  std::uint64_t requests(Wire& wire, Work work) {
    const auto before = wire.cost();
    work();
    return (wire.cost() - before).requests;
  }

  oci::Random random_{20};
  Settings settings_;
  std::vector<std::string> deviations_;
  std::unique_ptr<Place> place_;
  Subject subject_;
};

TEST_P(Formulas, HoldForEveryOperation) {
  auto& proposal = place_->proposal();
  auto& wire = place_->wire();
  const std::uint64_t n = GetParam().count;
  auto given = attachments(random_, n);
  if (n > 0) {
    const auto first = std::span(given).first(n - 1);
    if (!first.empty()) {
      ASSERT_TRUE(proposal.attach(subject_, first));
    }
    EXPECT_EQ(requests(wire, [&] { ASSERT_TRUE(proposal.attach(subject_, std::span(given).last(1))); }),
              expected("attach", n, 0))
        << "attach";
  }

  const std::uint64_t wanted = std::min<std::uint64_t>(n, 3);
  std::vector<Entry> found;
  EXPECT_EQ(requests(wire,
                     [&] {
                       auto entries = proposal.discover(subject_, {kSignature, "sig"});
                       ASSERT_TRUE(entries) << entries.error().message;
                       found = std::move(*entries);
                       ASSERT_EQ(found.size(), n);
                       for (std::uint64_t i = 0; i < wanted; ++i) {
                         const auto payload = proposal.fetch(found[i]);
                         ASSERT_TRUE(payload) << payload.error().message;
                         EXPECT_TRUE(std::ranges::any_of(
                             given, [&](const auto& one) { return one.payload.bytes() == *payload; }));
                       }
                     }),
            expected("verify", n, wanted))
      << "verify";

  // A copy to a registry of the same kind, where the image's own tree is already.
  Place other(variant(), settings_, "team/copy");
  auto there = other.copy_image(*place_, subject_);
  const auto before = wire.cost().requests + other.wire().cost().requests;
  const auto parcels = proposal.pack(subject_);
  ASSERT_TRUE(parcels) << parcels.error().message;
  const auto unpacked = other.proposal().unpack(there, *parcels);
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_EQ(wire.cost().requests + other.wire().cost().requests - before, expected("copy", n, 0)) << "copy";
  const auto arrived = other.proposal().discover(there, {kSignature, "sig"});
  ASSERT_TRUE(arrived) << arrived.error().message;
  EXPECT_EQ(arrived->size(), n) << "what arrived";

  std::uint64_t left = n;
  if (n > 0) {
    EXPECT_EQ(requests(wire,
                       [&] {
                         const auto detached = proposal.detach(subject_, found.front());
                         ASSERT_TRUE(detached) << detached.error().message;
                       }),
              expected("detach", n, 0))
        << "detach";
    --left;
    const auto rest = proposal.discover(subject_, {kSignature, "sig"});
    ASSERT_TRUE(rest) << rest.error().message;
    EXPECT_EQ(rest->size(), left) << "what is left";
  }
  // The document of a list stays when its last entry goes.
  auto symbols = symbols_for(left, 0);
  symbols["any"] = n > 0 ? 1 : 0;
  EXPECT_EQ(requests(wire,
                     [&] {
                       const auto removed = proposal.remove(subject_);
                       ASSERT_TRUE(removed) << removed.error().message;
                     }),
            value(rows().at("remove"), symbols))
      << "remove";
}

INSTANTIATE_TEST_SUITE_P(EveryVariant, Formulas, testing::ValuesIn(cases()), name_of);

TEST(FormulaRows, ThereIsOneForEveryVariantAndNoOther) {
  std::vector<std::string> ids;
  for (const auto& variant : variants()) ids.push_back(variant.id);
  std::ranges::sort(ids);
  std::vector<std::string> rows;
  for (const auto& [id, row] : formulas()["variants"].items()) {
    rows.push_back(id);
    ASSERT_NE(find_variant(id), nullptr) << id;
    EXPECT_EQ(row.contains("inlined"), find_variant(id)->can_inline) << id;
  }
  EXPECT_EQ(rows, ids);
}

}  // namespace
}  // namespace referee::proposals
