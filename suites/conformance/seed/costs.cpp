#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "conformance/registration.hpp"
#include "conformance/seed/common.hpp"
#include "referee/conformance/matchers.hpp"

/// What attaching and verifying cost in requests and bytes.
namespace referee::suites::seed {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): questions read as sentences

namespace {

std::uint64_t moved_bytes(const proposals::Cost& cost) {
  return cost.bytes_up + cost.bytes_down;
}

void cheap_wrapping(Arena& arena) {
  // A payload is 600 bytes; what goes with it (a manifest, a short list twice) is allowed four kilobytes.
  constexpr std::uint64_t kCheap = 600 + 4096;
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(2);
  auto first = arena.session();
  auto subject = image.subject;
  attach_all(first, subject, std::span(given).first(1));
  // The second signature comes from another tool.
  auto second = arena.session();
  subject = pulled(home, image.subject);
  const auto before = second.wire->cost();
  attach_all(second, subject, std::span(given).last(1));
  const auto cost = second.wire->cost() - before;
  EXPECT_LE(cost.bytes_up, kCheap) << "bytes sent for a second signature";
  note(arena, "requests", cost.requests);
  note(arena, "bytes sent", cost.bytes_up);
  note(arena, "bytes received", cost.bytes_down);
  note(arena, "found", recall_by_tag(arena, home, image, digests_of(given)).str());
}

/// Payloads that an index carries in its own annotations.
std::size_t carried(std::string_view index) {
  const auto json = parse_json(index);
  if (!json || !json->is_object() || !json->contains("manifests")) return 0;
  std::size_t count = 0;
  for (const auto& entry : (*json)["manifests"]) {
    if (!entry.is_object() || !entry.contains("annotations") || !entry["annotations"].is_object()) continue;
    for (const auto& [key, value] : entry["annotations"].items()) {
      if (key.starts_with("dev.referee.attachment.")) ++count;
    }
  }
  return count;
}

void two_signatures(Arena& arena) {
  const proposals::Settings carry{.inlined = true};
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto given = arena.attachments(2);
  std::vector<std::string> roots;
  for (const auto& attachment : given) {
    auto session = arena.session(home, carry);
    auto subject = pulled(home, image.subject);
    attach_each(session, subject, std::span(&attachment, 1));
    roots.push_back(home.digest_of(image.subject.tag));
  }
  auto reader = arena.session(home, carry);
  const auto before = reader.wire->cost();
  const auto entries = discover(reader, pinned(image)).entries;
  const auto verified = fetched(reader, entries);
  const auto requests = (reader.wire->cost() - before).requests;
  const auto old_root = home.registry().get_manifest(home.repository(), roots.front()).value();
  const auto new_root = home.registry().get_manifest(home.repository(), roots.back()).value();
  EXPECT_EQ(verified, digests_of(given)) << "signatures verified";
  EXPECT_EQ(requests, 1) << "requests for both";
  EXPECT_EQ(carried(new_root.body), 2) << "signatures in the new root";
  EXPECT_EQ(carried(old_root.body), 1) << "signatures in the old root, by its digest";
  note(arena, "verified", fmt::format("{} of 2", verified.size()));
  note(arena, "requests", requests);
  note(arena, "in the new root", carried(new_root.body));
  note(arena, "in the old root", carried(old_root.body));
  const auto bytes = home.registry().get_blob(home.repository(), image.platforms.front().blobs.front().digest().str());
  const bool whole = bytes.value().body == image.platforms.front().blobs.front().bytes();
  EXPECT_TRUE(whole) << "the image below can be pulled";
  note(arena, "the image below", whole ? "whole" : "damaged");
}

struct Reading {
  Digests verified;
  proposals::Cost cost;
};

Reading read_all(Arena& arena, const std::string& tag, const std::vector<proposals::Attachment>& given, bool inlined) {
  const proposals::Settings settings{.inlined = inlined};
  const auto& home = arena.home();
  const auto image = arena.publish(home, tag);
  auto writer = arena.session(home, settings);
  auto subject = image.subject;
  attach_all(writer, subject, given);
  auto reader = arena.session(home, settings);
  // The pull of the image itself is everybody's, but a root that has grown is paid for with it.
  subject = pulled(home, image.subject);
  Reading reading;
  const auto entries = discover(reader, subject).entries;
  reading.verified = fetched(reader, entries);
  reading.cost = reader.wire->cost();
  if (arena.variant().in_image && subject.root) {
    reading.cost.bytes_down += static_cast<std::uint64_t>(subject.root->size());
  }
  return reading;
}

void one_request(Arena& arena) {
  const auto given = arena.attachments(std::min<std::size_t>(arena.scale().attachments, 100));
  const auto apart = read_all(arena, "apart", given, false);
  const auto within = read_all(arena, "within", given, true);
  EXPECT_EQ(within.verified, digests_of(given)) << "signatures verified";
  EXPECT_LE(within.cost.requests, 1) << "requests for all of them, beyond the pull of the image";
  note(arena, "signatures", given.size());
  note(arena, "verified by reference", apart.verified == digests_of(given) ? "all" : "not all");
  note(arena, "requests inlined", within.cost.requests);
  note(arena, "requests by reference", apart.cost.requests);
  note(arena, "bytes inlined", within.cost.bytes_down);
  note(arena, "bytes by reference", apart.cost.bytes_down);
  if (within.cost.requests >= apart.cost.requests) return;
  // At 100 Mbit/s a byte takes 0.08 microseconds.
  const auto extra =
      within.cost.bytes_down > apart.cost.bytes_down ? within.cost.bytes_down - apart.cost.bytes_down : 0;
  note(arena, "round trip above which inlining wins at 100 Mbit/s",
       fmt::format("{} microseconds", extra * 8 / 100 / (apart.cost.requests - within.cost.requests)));
}

void quadratic(Arena& arena) {
  const auto& home = arena.home();
  const auto image = arena.publish(home);
  const auto half = std::min<std::size_t>(arena.scale().attachments, arena.scale().name == "full" ? 500 : 40);
  const auto given = arena.attachments(2 * half);
  auto session = arena.session();
  auto subject = image.subject;
  std::vector<std::uint64_t> bytes;
  for (const auto& attachment : given) {
    const auto before = session.wire->cost();
    attach_each(session, subject, std::span(&attachment, 1));
    bytes.push_back(moved_bytes(session.wire->cost() - before));
  }
  const auto sum = [&](std::size_t count) {
    return std::accumulate(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count), std::uint64_t{0});
  };
  // The first makes the list, so growth is looked for from the second on.
  const auto growth = bytes.back() > bytes[1] ? (bytes.back() - bytes[1]) / (bytes.size() - 2) : 0;
  EXPECT_GT(growth, 0) << "bytes by which each attachment is dearer than the one before";
  note(arena, "attachments", given.size());
  note(arena, "bytes of the first half", sum(half));
  note(arena, "bytes of all", sum(given.size()));
  note(arena, "growth of each", growth);
  note(arena, "found", recall_by_tag(arena, home, image, digests_of(given)).str());
}

}  // namespace

void register_costs(Catalogue& catalogue) {
  ask(catalogue, {.id = "wrap-cheap",
                  .requirement = "S.wrap.cheap",
                  .title = "A second signature is cheap",
                  .how = "Another tool adds a second signature. It may send the signature and four kilobytes more, and "
                         "nothing of the image.",
                  .body = cheap_wrapping,
                  .kills = any_variant});
  ask(catalogue, {.id = "wrap-two-sigs",
                  .requirement = "S.wrap.two-sigs",
                  .title = "One request gives both signatures, and the old root still has one",
                  .how = "Two signatures are carried by the root, one after the other. Both are verified from one GET; "
                         "the root that was replaced is read by its digest.",
                  .body = two_signatures,
                  .kills = any_variant,
                  .concerns = wraps});
  ask(catalogue, {.id = "inline-one-request",
                  .requirement = "S.inline.one-request",
                  .title = "Inlined, all signatures come with one request",
                  .how = "Attaches up to a hundred by reference and inlined, verifies all, and compares requests and "
                         "bytes; of images whose own index grows, its bytes count.",
                  .body = one_request,
                  .kills = any_variant,
                  .concerns = [](const auto& variant) { return variant.can_inline; }});
  ask(catalogue, {.id = "repro-attach-quadratic",
                  .requirement = "S.repro.attach-quadratic",
                  .title = "Attaching gets dearer with each attachment",
                  .how = "Attaches one after the other and adds up the bytes, at two numbers of attachments.",
                  .body = quadratic,
                  .kills = any_variant});
}

}  // namespace referee::suites::seed
