import { useQuery } from "@tanstack/react-query";
import { readConfig } from "../api/account.ts";

const MINUTE_MS = 60_000;

/** Whether new sheets are taken, as of now and not of when the window was opened; looked at again by itself while they are not. */
export const useIntake = () =>
  useQuery({
    queryKey: ["config"],
    queryFn: readConfig,
    staleTime: MINUTE_MS,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (state.data?.intakeOpen === false ? MINUTE_MS : false),
  });
