#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "conformance/stories/pull.hpp"
#include "referee/oci/index_fixtures.hpp"

/// What a pull costs that asks for no signature.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

const std::string kReading = "in-order/platformless-last";
constexpr std::uint64_t kPayloadBytes = 600;  ///< of each signature

const oci::Selector& reading() {
  return *oci::find_selector(kReading);
}

/// From none to the most that the scale allows.
std::vector<std::size_t> numbers_attached(const Scale& scale) {
  std::vector<std::size_t> numbers{0};
  for (const std::size_t number : {10UL, 100UL, 1000UL}) {
    if (number <= scale.attachments) numbers.push_back(number);
  }
  if (numbers.size() == 1) numbers.push_back(scale.attachments);
  return numbers;
}

/// Bytes of a pull with each number of attachments, in one way to keep them.
std::vector<std::uint64_t> pulled_bytes(Arena& arena, bool inlined) {
  const auto& home = arena.home();
  const auto* how = inlined ? "inlined" : "by reference";
  std::vector<std::uint64_t> bytes;
  for (const auto number : numbers_attached(arena.scale())) {
    const auto image = arena.publish(home, fmt::format("{}-{}", inlined ? "within" : "apart", number));
    const auto given = arena.attachments(number);
    auto session = arena.session(home, {.inlined = inlined});
    auto subject = image.subject;
    attach_all(session, subject, given);
    const auto pull = stories::pull(home, image.subject.tag, reading(), {"amd64", "linux", "", ""});
    EXPECT_EQ(pull.selected, image.platforms.front().digest().str()) << number << " signatures, " << how;
    bytes.push_back(pull.bytes);
    note(arena, fmt::format("{}, {} signatures", how, number),
         fmt::format("{} requests, {} bytes", pull.requests, pull.bytes));
    if (number != 0) {
      const auto seen = recall(session, pulled(home, image.subject), digests_of(given));
      note(arena, fmt::format("{}, found of {}", how, number), seen.str());
    }
  }
  return bytes;
}

void bloats_pull(Arena& arena) {
  auto bytes = pulled_bytes(arena, false);
  if (arena.variant().can_inline) bytes = pulled_bytes(arena, true);
  const auto numbers = numbers_attached(arena.scale());
  for (std::size_t index = 1; index < numbers.size(); ++index) {
    EXPECT_GE(bytes[index], bytes.front() + kPayloadBytes * numbers[index])
        << "bytes of a pull that verifies nothing, with " << numbers[index] << " signatures";
  }
}

void nested_depth(Context& context) {
  Arena arena(context, proposals::variants().front());
  const auto& home = arena.home();
  for (const auto& fixture : oci::index_fixtures(7)) {
    if (!fixture.id.starts_with("F-nest") || fixture.id.starts_with("F-nest-")) continue;
    const auto depth = fixture.nested.size();
    const auto tag = fmt::format("nested-{}", depth);
    for (const auto& package : fixture.packages) {
      (void)context.push_at(home.registry(), home.repository(), package);
    }
    std::string refused;
    const auto put = [&](const oci::Content& index, const std::string& reference) {
      const auto status = home.registry().put_manifest(home.repository(), reference, index).value().status;
      if (status != 201 && refused.empty()) refused = fmt::format("refused with {}", status);
    };
    for (const auto& index : fixture.nested) put(index, index.digest().str());
    put(fixture.root, tag);
    const oci::Platform host{"amd64", "linux", "", ""};
    const auto patient = stories::pull(home, tag, reading(), host, {.depth = 64, .fetches = 256});
    const auto bounded = stories::pull(home, tag, reading(), host);
    EXPECT_EQ(refused, "") << depth << " indexes below an index";
    EXPECT_EQ(patient.selected, fixture.digests.at("image")) << depth << " indexes below an index";
    // The root and the image are pulled in any case.
    EXPECT_EQ(patient.requests, depth + 2) << "requests to get through " << depth << " indexes";
    note(arena, fmt::format("{} indexes below an index", depth),
         refused.empty() ? fmt::format("taken, {} requests, {} bytes", patient.requests, patient.bytes) : refused);
    const bool reached = bounded.selected == fixture.digests.at("image");
    note(arena, fmt::format("{}, by a runtime that follows 32", depth),
         fmt::format("{} after {} requests", reached ? "selected" : "given up", bounded.requests));
  }
}

}  // namespace

void register_pulls(Catalogue& catalogue) {
  ask(catalogue,
      {.id = "inline-bloats-pull",
       .requirement = "S.inline.bloats-pull",
       .title = "Inlined signatures are paid for by pulls that verify nothing",
       .how = "Attaches none, ten, a hundred and at the scale `full` a thousand, inlined where that can be, and pulls "
              "the tag as a runtime does that looks at no signature; each must cost its payload at least.",
       .body = bloats_pull,
       .kills = any_variant});
  catalogue.add({.id = "seed/nested-depth",
                 .title = "Indexes nest, and each level costs a request",
                 .how = "Pushes an image below 1, 2, 3 and 33 indexes in each other, and pulls it as a runtime does "
                        "that goes 64 deep; then as one that stops at 32, which is only observed.",
                 .requirements = {"S.nested.depth"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-nested"},
                 .tags = {"story"},
                 .profiles = {"oci-1.1", "oci-1.0"},
                 .body = nested_depth});
}

}  // namespace referee::suites::seed
