#include "deviations.hpp"

#include <algorithm>

namespace referee::registry {

namespace {

std::vector<const Deviation*> collect() {
  std::vector<const Deviation*> all;
  for (const auto table : {referrers_deviations(),  put_deviations(),
                           get_deviations(),        blob_deviations(),
                           upload_deviations(),     tag_deviations(),
                           delete_deviations(),     mount_deviations(),
                           error_deviations(),      name_deviations(),
                           range_deviations(),      chunk_deviations(),
                           session_deviations(),    api_deviations(),
                           push_variants(),         put_tag_deviations(),
                           byte_deviations(),       content_deviations(),
                           subject_deviations(),    tag_page_deviations(),
                           descriptor_deviations(), referrers_page_deviations(),
                           list_variants(),         manifest_variants(),
                           head_deviations(),       variant_deviations(),
                           artifact_deviations(),   reference_deviations(),
                           node_deviations(),       refers_deviations(),
                           collect_deviations(),    lies(),
                           content_lies()}) {
    for (const auto& deviation : table) all.push_back(&deviation);
  }
  std::ranges::sort(all, {}, [](const Deviation* deviation) -> const std::string& { return deviation->info.name; });
  return all;
}

}  // namespace

const std::vector<const Deviation*>& all_deviations() {
  static const auto kAll = collect();
  return kAll;
}

const std::vector<DeviationInfo>& deviations() {
  static const auto kInfos = [] {
    std::vector<DeviationInfo> infos;
    for (const auto* deviation : all_deviations()) infos.push_back(deviation->info);
    return infos;
  }();
  return kInfos;
}

const DeviationInfo* find_deviation(std::string_view name) {
  const auto found = std::ranges::find(deviations(), name, &DeviationInfo::name);
  return found == deviations().end() ? nullptr : &*found;
}

}  // namespace referee::registry
