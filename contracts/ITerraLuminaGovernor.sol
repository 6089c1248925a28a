// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";

/// @title How the holders of one project decide, weighed by units. What stands here comes besides OpenZeppelin's IGovernor.
/// @notice The register of a proposal are the balances at an epoch of the ledger: the one opened when it was made or,
/// once an exit has begun, the exit's. So former holders govern the community DAO for ever with the units they had at
/// the exit. Units moved later carry no vote with them. Times are unix seconds, weights are units.
/// Known limits: frozen and retired accounts don't vote, so whoever freezes accounts and relinks wallets is trusted with
/// votes as well; a proposer chooses the moment of the register; a wallet relinked after the exit can vote by
/// its former wallets, but not propose.
interface ITerraLuminaGovernor {
    /// @notice The part of the supply that later proposals need.
    event QuorumBpsSet(uint256 bps);

    /// @notice Every proposal opens an epoch, at the cost of every holder's next move: none is made without units.
    error ZeroProposalThreshold();
    /// @notice Not within 1 and 10,000.
    error InvalidQuorum(uint256 bps);
    /// @notice One proposal at a time, cancelled or not, so that nobody can open epoch after epoch.
    /// @param until When the vote on the last proposal is over, or would have been
    error ProposerMustWait(address proposer, uint256 until);
    /// @notice The vote on an earlier proposal, made under a longer voting delay, begins in the very same second and with
    /// its own register. Possible again a second later.
    error SnapshotTaken(uint256 timepoint);
    /// @notice It is frozen or retired.
    error AccountMayNotVote(address account);
    /// @notice It had no units when the proposal was made.
    error NoUnitsToVote(uint256 proposalId, address account);
    /// @notice The wallet wasn't relinked to the voter, or the list isn't in ascending order.
    error NotAFormerWallet(address wallet, address voter);

    /// @notice Sets the quorum of later proposals, in basis points of the supply. By a vote only.
    function setQuorumBps(uint16 bps) external;

    /// @notice Basis points of the units in the register that must vote for or abstain; rounded up.
    function quorumBps() external view returns (uint16);
    /// @notice The epoch whose balances decide; 0 when there is no such proposal.
    function epochOf(uint256 proposalId) external view returns (uint24);
    /// @notice From when on the account can make its next proposal; 0 when it never made one.
    function nextProposalAt(address proposer) external view returns (uint48);
    /// @notice Fixed.
    function ledger() external view returns (ITerraLuminaOwnership);
    /// @notice The project whose holders decide; fixed.
    function projectId() external view returns (uint24);
}
