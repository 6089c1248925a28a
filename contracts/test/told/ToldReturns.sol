// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaVault} from "../../ITerraLuminaVault.sol";
import {Vm} from "../Vm.sol";
import {ToldPositions} from "./ToldPositions.sol";
import {addressIn} from "./ToldPeople.sol";

/// @dev Distributions, claims and clawbacks, as the vault's events alone tell them.
abstract contract ToldReturns is ToldPositions {
    struct Distribution {
        uint24 projectId;
        uint24 epoch;
    }

    struct Clawback {
        uint24 uptoEpoch;
        uint40 notBefore;
    }

    mapping(bytes32 distributionId => Distribution) public distributionOf;
    mapping(uint256 projectId => Clawback) public clawbackOf;
    mapping(address => bool) public isTokenAllowed;
    bytes32[] public distributionIds;
    mapping(address holder => address) private _payoutAddresses;

    function payoutAddressOf(address holder) external view returns (address) {
        return _payoutAddresses[holder] == address(0) ? holder : _payoutAddresses[holder];
    }

    function distributionCount() external view returns (uint256) {
        return distributionIds.length;
    }

    function readReturns(Vm.Log memory line) internal {
        bytes32 kind = line.topics[0];
        if (kind == ITerraLuminaVault.ReturnsDistributed.selector) {
            distributionOf[line.topics[3]] = Distribution(uint24(uint256(line.topics[1])), uint24(uint256(line.topics[2])));
            distributionIds.push(line.topics[3]);
        } else if (
            kind == ITerraLuminaVault.DistributionClaimed.selector
                || kind == ITerraLuminaVault.DistributionClawedBack.selector
        ) {
            Position storage its = positions[uint256(line.topics[1])][addressIn(line.topics[2])];
            (its.claimed, its.carried) = (abi.decode(line.data, (uint256)), 0);
        } else if (kind == ITerraLuminaVault.PayoutAddressSet.selector) {
            _payoutAddresses[addressIn(line.topics[1])] = abi.decode(line.data, (address));
        } else if (kind == ITerraLuminaVault.TokenAllowedSet.selector) {
            isTokenAllowed[addressIn(line.topics[1])] = abi.decode(line.data, (bool));
        } else if (kind == ITerraLuminaVault.ClawbackAnnounced.selector) {
            (uint256 uptoEpoch, uint256 notBefore) = abi.decode(line.data, (uint256, uint256));
            clawbackOf[uint256(line.topics[1])] = Clawback(uint24(uptoEpoch), uint40(notBefore));
        } else if (kind == ITerraLuminaVault.ClawbackCancelled.selector) {
            delete clawbackOf[uint256(line.topics[1])];
        }
    }
}
