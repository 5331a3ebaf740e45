#include "growth_ground.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace referee::suites::benchmarks {
namespace {

constexpr std::string_view kType = "application/vnd.referee.growth.v1";

}  // namespace

GrowthGround::GrowthGround(distribution::Registry& registry, std::string repository, std::uint64_t seed)
    : registry_(registry),
      repository_(std::move(repository)),
      seed_(seed),
      subject_(drawn("subject")),
      lonely_(drawn("lonely")) {}

oci::Package GrowthGround::drawn(std::string_view purpose) const {
  auto bytes = random(purpose, 0);
  return oci::image(bytes);
}

oci::Random GrowthGround::random(std::string_view purpose, int number) const {
  return oci::Random(seed_, fmt::format("growth {} {}", purpose, number));
}

oci::Package GrowthGround::image(int number) const {
  auto bytes = random("image", number);
  // The configuration is shared: it is the layer that makes the image another one.
  return oci::ManifestBuilder().config(subject_.blobs.front()).layer(oci::tar_layer(bytes)).build();
}

oci::Package GrowthGround::referrer(int number) const {
  return oci::ManifestBuilder()
      .artifact_type(kType)
      .subject(subject_.descriptor())
      .layer(oci::empty_blob())
      .annotation("org.referee.number", std::to_string(number))
      .build();
}

std::string GrowthGround::tag(int number) {
  return fmt::format("n-{:06}", number);
}

tl::expected<void, std::string> GrowthGround::push(const oci::Package& package, const std::string& reference) {
  const auto answer = distribution::push_package(registry_, repository_, package, reference);
  if (!answer) return tl::unexpected(answer.error().message);
  if (answer->status != 201)
    return tl::unexpected(fmt::format("{} was answered {} instead of 201", answer->url, answer->status));
  return {};
}

tl::expected<void, std::string> GrowthGround::prepare() {
  auto bytes = random("referrer of the lonely", 0);
  return push(subject_).and_then([&] { return push(lonely_); }).and_then([&] {
    return push(oci::referrer(bytes, lonely_.descriptor(), kType));
  });
}

tl::expected<void, std::string> GrowthGround::fill(int first, int last, int writers,
                                                   const std::function<bool()>& interrupted) {
  std::atomic<int> next{first};
  std::mutex mutex;
  std::string failure;
  const auto work = [&] {
    for (int number = next++; number < last; number = next++) {
      if (interrupted && interrupted()) return;
      // The configuration and the empty blob are there since the first image; the layer is not.
      const auto made = image(number);
      auto pushed = distribution::push_blob(registry_, repository_, made.blobs.back());
      const auto attachment = referrer(number);
      const auto manifest = pushed && pushed->status == 201
                                ? registry_.put_manifest(repository_, tag(number), made.manifest)
                                : std::move(pushed);
      const auto attached = manifest && manifest->status == 201
                                ? registry_.put_manifest(repository_, attachment.digest().str(), attachment.manifest)
                                : manifest;
      if (attached && attached->status == 201) continue;
      const std::scoped_lock lock(mutex);
      failure = attached ? fmt::format("{} was answered {} instead of 201", attached->url, attached->status)
                         : attached.error().message;
      next = last;
    }
  };
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  if (!failure.empty()) return tl::unexpected(failure);
  return {};
}

}  // namespace referee::suites::benchmarks
